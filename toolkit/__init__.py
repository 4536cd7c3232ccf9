"""Loan follow-up visit toolkit: the regulation 《贷款回访管理办法》 as buttons on an Excel workbook."""

__version__ = "0.1.0"
