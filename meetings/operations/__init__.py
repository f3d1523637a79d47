"""Operations: one function per verb. Every change of a record goes through this package."""
