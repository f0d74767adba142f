"""The network that is told what is lost, as a recogniser: one set of weights for every channel."""

from sercore.recogniser.told_network import ToldNetwork


class LossAware(ToldNetwork):
    """A ``LossAwareModel`` in eval mode; where others hold their last word during a loss, it goes on.

    It was trained with the receiver that cuts out. Behind one that fills the holes it hears the filling, and
    is told all the same what is lost.
    """
