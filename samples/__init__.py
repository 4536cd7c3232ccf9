"""One invented branch for `loanvisit demo`: 示例银行江州分行, 600 loans, a quarter of visits. Nobody in it is real."""
