"""Both engines behind one call, Ray only where it is installed."""

import importlib.util
import sys

import pytest

from sercore.engines import in_processes, on_ray

HAS_RAY = importlib.util.find_spec("ray") is not None
_WITH_RAY = (
    pytest.mark.skipif(not HAS_RAY, reason='Ray is not installed (pip install -e ".[ray]")'),
    pytest.mark.filterwarnings("ignore:::ray"),
)
ENGINES = ["processes", pytest.param("ray", marks=_WITH_RAY)]


def outcomes(engine, tasks, work):
    """What the engine yields, with two workers."""
    if engine == "processes":
        return in_processes(tasks, work, workers=2)
    import ray
    from ray import cloudpickle

    if not ray.is_initialized():  # once for all tests: it takes seconds to start
        ray.init(address="local", num_cpus=2, include_dashboard=False, logging_level="error")
    # Ray's workers cannot import a test: they get its source, as from a notebook.
    cloudpickle.register_pickle_by_value(sys.modules[work.__module__])
    return on_ray(tasks, work, workers=2)
