"""What strangers' sheets mean: headers, words, units and values of exports, registers and questionnaires."""
