"""What the words of a visit record mean: severity and categories with reasons (六、(一)).

`judge_notes` is the one entry; the tables it reads are `word_groups.csv` and `word_rules.csv`, which the
risk department maintains, and `weights.npz`, which `python -m toolkit.rules.words.train` rebuilds.
"""

from toolkit.rules.words.judge import judge_notes

__all__ = ["judge_notes"]
