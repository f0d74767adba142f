"""How well predictions agree with the gold standard (paper Eq. 3), and how sure that is."""
