# mypy: allow-untyped-calls, allow-untyped-decorators
# ruff: noqa: ARG001 (numba reads what an operation takes from its names, and hands LLVM more than it needs)
"""Eight float32 at a time inside numba kernels.

numba has no vector type, and LLVM's own vectoriser will not hold a block of sums in registers, so the kernels
name their vectors themselves. ``<8 x float>`` is one register of AVX2; elsewhere LLVM splits it into what
there is. Loads and stores need no alignment and check no bounds: the kernels' buffers leave room.
"""

from typing import Any

from llvmlite import ir  # type: ignore[import-untyped, unused-ignore]
from numba.core import types
from numba.core.cgutils import get_or_insert_function
from numba.extending import intrinsic, models, register_model
from numba.np.arrayobj import make_array

LANES = 8
_VECTOR = ir.VectorType(ir.FloatType(), LANES)


class Float8(types.Type):
    """The numba type of a vector of eight float32."""

    def __init__(self) -> None:
        super().__init__(name="Float8")


float8 = Float8()
operation: Any = intrinsic  # untyped for mypy: what it makes is called without the first argument


@register_model(Float8)
class _Float8Model(models.PrimitiveModel):
    def __init__(self, manager: Any, fe_type: Any) -> None:
        super().__init__(manager, fe_type, _VECTOR)


def _address(context: Any, builder: Any, array_type: Any, place: Any, pointee: Any) -> Any:
    array, index = place
    data = make_array(array_type)(context, builder, array).data
    return builder.bitcast(builder.gep(data, [index]), pointee.as_pointer())


def _splat(builder: Any, scalar: Any) -> Any:
    lane = builder.insert_element(ir.Constant(_VECTOR, ir.Undefined), scalar, ir.Constant(ir.IntType(32), 0))
    same = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
    return builder.shuffle_vector(lane, ir.Constant(_VECTOR, ir.Undefined), same)


@operation
def load8(typing: Any, array: Any, index: Any) -> Any:
    """Eight neighbours of a one-dimensional float32 array."""

    def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        address = _address(context, builder, signature.args[0], args[:2], _VECTOR)
        return builder.load(address, align=4)

    return float8(array, types.intp), build


@operation
def spread8(typing: Any, array: Any, index: Any) -> Any:
    """One element of a one-dimensional float32 array in all eight lanes."""

    def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        address = _address(context, builder, signature.args[0], args[:2], ir.FloatType())
        return _splat(builder, builder.load(address, align=4))

    return float8(array, types.intp), build


@operation
def fill8(typing: Any, value: Any) -> Any:
    """One number in all eight lanes."""
    return float8(types.float32), lambda _context, builder, _signature, args: _splat(builder, args[0])


@operation
def store8(typing: Any, array: Any, index: Any, value: Any) -> Any:
    """Write eight neighbours of a one-dimensional float32 array."""

    def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        address = _address(context, builder, signature.args[0], args[:2], _VECTOR)
        builder.store(args[2], address, align=4)
        return context.get_dummy_value()

    return types.none(array, types.intp, float8), build


@operation
def store8_as_bytes(typing: Any, array: Any, index: Any, value: Any) -> Any:
    """Write eight small whole numbers into a one-dimensional uint8 array."""

    def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        whole = builder.fptosi(args[2], ir.VectorType(ir.IntType(32), LANES))
        small = builder.trunc(whole, ir.VectorType(ir.IntType(8), LANES))
        builder.store(small, _address(context, builder, signature.args[0], args[:2], small.type), align=1)
        return context.get_dummy_value()

    return types.none(array, types.intp, float8), build


@operation
def fma8(typing: Any, a: Any, b: Any, c: Any) -> Any:
    """``a * b + c``, fused where the machine can: it may round once or twice, but always the same way."""

    def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        kind = ir.FunctionType(_VECTOR, [_VECTOR] * 3)
        return builder.call(get_or_insert_function(builder.module, kind, "llvm.fmuladd.v8f32"), args)

    return float8(float8, float8, float8), build


@operation
def add8(typing: Any, a: Any, b: Any) -> Any:
    """``a + b``."""
    return float8(float8, float8), lambda _context, builder, _signature, args: builder.fadd(*args)


@operation
def where_greater8(typing: Any, a: Any, b: Any, yes: Any, no: Any) -> Any:
    """``yes`` in the lanes where ``a > b``, ``no`` in the others."""

    def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.select(builder.fcmp_ordered(">", args[0], args[1]), args[2], args[3])

    return float8(float8, float8, float8, float8), build
