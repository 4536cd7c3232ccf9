"""收集记录: filled forms, registers and questionnaire exports → 回访记录."""
