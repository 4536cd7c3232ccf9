"""What the words of a visit record mean: severity and categories with reasons (六、(一)).

`judge.judge_notes` is the one entry. It reads `word_groups.csv`, `word_rules.csv` and `typos.csv`, which the risk
department maintains, and `weights.npz`, which `python -m toolkit.rules.words.train` rebuilds.
"""
