# mypy: allow-untyped-calls, allow-untyped-decorators
# ruff: noqa: ARG001 (numba reads what an operation takes from its names, and hands LLVM more than it needs)
"""Eight float32 at a time inside numba kernels.

numba has no vector type, and LLVM's own vectoriser will not hold a block of sums in registers, so the kernels
name their vectors themselves. ``<8 x float>`` is one register of AVX2; elsewhere LLVM splits it into what
there is. Nothing checks bounds or asks for alignment: the kernels' buffers leave room.

Memory is named by address (``array.ctypes.data``) and index. An array handed to a function is counted, by
atomic additions that cost as much as fifty products and are fought over by threads; a number is not.
"""

from collections.abc import Callable
from typing import Any

from llvmlite import ir  # type: ignore[import-untyped, unused-ignore]
from numba.core import types
from numba.core.cgutils import get_or_insert_function
from numba.extending import intrinsic, models, register_model

LANES = 8
_FLOAT = ir.FloatType()
_VECTOR = ir.VectorType(_FLOAT, LANES)
_BYTES = ir.VectorType(ir.IntType(8), LANES)


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


def _pointer(builder: Any, element: Any, place: Any, pointee: Any) -> Any:
    address, index = place
    start = builder.inttoptr(address, element.as_pointer())
    return builder.bitcast(builder.gep(start, [index]), pointee.as_pointer())


def _splat(builder: Any, scalar: Any) -> Any:
    lane = builder.insert_element(ir.Constant(_VECTOR, ir.Undefined), scalar, ir.Constant(ir.IntType(32), 0))
    same = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
    return builder.shuffle_vector(lane, ir.Constant(_VECTOR, ir.Undefined), same)


def _from_operands(work: Callable[[Any, Any], Any]) -> Any:
    """What numba wants of an operation that needs nothing but its operands."""
    return lambda _context, builder, _signature, args: work(builder, args)


@operation
def load8(typing: Any, address: Any, index: Any) -> Any:
    """Eight neighbours in an array of float32."""

    def build(builder: Any, place: Any) -> Any:
        return builder.load(_pointer(builder, _FLOAT, place, _VECTOR), align=4)

    return float8(types.intp, types.intp), _from_operands(build)


@operation
def spread8(typing: Any, address: Any, index: Any) -> Any:
    """One float32 of an array in all eight lanes."""

    def build(builder: Any, place: Any) -> Any:
        return _splat(builder, builder.load(_pointer(builder, _FLOAT, place, _FLOAT), align=4))

    return float8(types.intp, types.intp), _from_operands(build)


@operation
def load_index(typing: Any, address: Any, index: Any) -> Any:
    """One number of an array of int64."""

    def build(builder: Any, place: Any) -> Any:
        return builder.load(_pointer(builder, ir.IntType(64), place, ir.IntType(64)), align=8)

    return types.int64(types.intp, types.intp), _from_operands(build)


@operation
def store8(typing: Any, address: Any, index: Any, value: Any) -> Any:
    """Write eight neighbours in an array of float32."""

    def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        builder.store(args[2], _pointer(builder, _FLOAT, args[:2], _VECTOR), align=4)
        return context.get_dummy_value()

    return types.none(types.intp, types.intp, float8), build


@operation
def store8_as_bytes(typing: Any, address: Any, index: Any, value: Any) -> Any:
    """Write eight whole numbers from 0 to 255 as neighbours in an array of uint8."""

    def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        whole = builder.fptosi(args[2], ir.VectorType(ir.IntType(32), LANES))
        small = builder.trunc(whole, _BYTES)
        builder.store(small, _pointer(builder, ir.IntType(8), args[:2], _BYTES), align=1)
        return context.get_dummy_value()

    return types.none(types.intp, types.intp, float8), build


@operation
def fill8(typing: Any, value: Any) -> Any:
    """One number in all eight lanes."""
    return float8(types.float32), _from_operands(lambda builder, args: _splat(builder, args[0]))


@operation
def fma8(typing: Any, a: Any, b: Any, c: Any) -> Any:
    """``a * b + c``, fused where the machine can: it may round once or twice, but always the same way."""

    def build(builder: Any, args: Any) -> Any:
        kind = ir.FunctionType(_VECTOR, [_VECTOR] * 3)
        return builder.call(get_or_insert_function(builder.module, kind, "llvm.fmuladd.v8f32"), args)

    return float8(float8, float8, float8), _from_operands(build)


@operation
def add8(typing: Any, a: Any, b: Any) -> Any:
    """``a + b``."""
    return float8(float8, float8), _from_operands(lambda builder, args: builder.fadd(*args))


@operation
def where_greater8(typing: Any, a: Any, b: Any, yes: Any, no: Any) -> Any:
    """``yes`` in the lanes where ``a > b``, ``no`` in the others."""

    def build(builder: Any, args: Any) -> Any:
        return builder.select(builder.fcmp_ordered(">", args[0], args[1]), args[2], args[3])

    return float8(float8, float8, float8, float8), _from_operands(build)


@operation
def highest8(typing: Any, a: Any) -> Any:
    """The largest lane; none may be NaN."""

    def build(builder: Any, args: Any) -> Any:
        kind = ir.FunctionType(_FLOAT, [_VECTOR])
        reduce = get_or_insert_function(builder.module, kind, "llvm.vector.reduce.fmax.v8f32")
        return builder.call(reduce, args, fastmath=("nnan", "nsz"))

    return types.float32(float8), _from_operands(build)


@operation
def equal8(typing: Any, a: Any, b: Any) -> Any:
    """Where ``a == b``: lane ``i`` is bit ``i``."""

    def build(builder: Any, args: Any) -> Any:
        bits = builder.bitcast(builder.fcmp_ordered("==", *args), ir.IntType(LANES))
        return builder.zext(bits, ir.IntType(64))

    return types.int64(float8, float8), _from_operands(build)


@operation
def lowest_bit(typing: Any, bits: Any) -> Any:
    """The place of the lowest bit that is set; at least one must be."""

    def build(builder: Any, args: Any) -> Any:
        return builder.cttz(args[0], ir.Constant(ir.IntType(1), 1))

    return types.int64(types.int64), _from_operands(build)
