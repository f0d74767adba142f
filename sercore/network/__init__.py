"""The paper's network (section 2.3), its weights, and its speed."""
