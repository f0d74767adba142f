"""The paper's experiment: train, evaluate, compare, ship."""
