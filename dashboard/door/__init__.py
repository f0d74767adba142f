"""Between the network and the pages: who is let in, what may be said, what goes when a visitor leaves."""
