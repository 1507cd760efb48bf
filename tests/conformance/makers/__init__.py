"""Quotes as odd as programs make them: each function makes one, by the program that its module is named after."""
