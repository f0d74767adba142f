"""The paper's four ways to train (section 3.1), and one training from start to card."""
