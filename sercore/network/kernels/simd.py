# mypy: allow-untyped-calls, allow-untyped-decorators
# ruff: noqa: ARG001 (numba reads what an operation takes from its names, and hands LLVM more than it needs)
"""Registers of float32 inside numba kernels.

numba has no vector type, and LLVM's own vectoriser will not hold a block of sums in registers, so the kernels
name their vectors themselves. A value is one register of ``LANES`` floats or several of them; an operation
works on each, and a single register serves all of another's. Where registers are narrower, LLVM splits them.
Nothing checks bounds or asks for alignment: the kernels' buffers leave room.

Memory is named by address (``array.ctypes.data``) and index. An array handed to a function is counted, by
atomic additions that cost as much as fifty products and are fought over by threads; a number is not.
"""

from collections.abc import Callable
from typing import Any

from llvmlite import ir  # type: ignore[import-untyped, unused-ignore]
from numba.core import types
from numba.core.cgutils import get_or_insert_function
from numba.extending import intrinsic, models, register_model

from sercore.network.kernels.processor import lanes

LANES = lanes()
FLOAT, WHOLE = ir.FloatType(), ir.IntType(64)
VECTOR = ir.VectorType(FLOAT, LANES)


class Floats(types.Type):
    """The numba type of some registers of float32."""

    def __init__(self, registers: int) -> None:
        self.registers = registers
        super().__init__(name=f"Floats({registers})")


operation: Any = intrinsic  # untyped for mypy: what it makes is called without the first argument


@register_model(Floats)
class _FloatsModel(models.PrimitiveModel):
    def __init__(self, manager: Any, fe_type: Any) -> None:
        super().__init__(manager, fe_type, ir.ArrayType(VECTOR, fe_type.registers))


def parts(builder: Any, value: Any) -> list[Any]:
    """The registers of a value."""
    return [builder.extract_value(value, i) for i in range(value.type.count)]


def joined(builder: Any, registers: list[Any]) -> Any:
    """A value of these registers."""
    value = ir.Constant(ir.ArrayType(VECTOR, len(registers)), ir.Undefined)
    for i, register in enumerate(registers):
        value = builder.insert_value(value, register, i)
    return value


def element(builder: Any, address: Any, index: Any, kind: Any = FLOAT) -> Any:
    """A pointer to a number of an array."""
    return builder.gep(builder.inttoptr(address, kind.as_pointer()), [index])


def register_at(builder: Any, start: Any, number: int) -> Any:
    """A pointer to the register ``number`` after a float."""
    place = builder.gep(start, [ir.Constant(WHOLE, number * LANES)])
    return builder.bitcast(place, VECTOR.as_pointer())


def splat(builder: Any, scalar: Any) -> Any:
    """One number in all lanes."""
    lane = builder.insert_element(ir.Constant(VECTOR, ir.Undefined), scalar, ir.Constant(ir.IntType(32), 0))
    same = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
    return builder.shuffle_vector(lane, ir.Constant(VECTOR, ir.Undefined), same)


def fused(builder: Any, a: Any, b: Any, c: Any) -> Any:
    """``a * b + c`` of registers."""
    kind = ir.FunctionType(VECTOR, [VECTOR] * 3)
    multiply_add = get_or_insert_function(builder.module, kind, f"llvm.fmuladd.v{LANES}f32")
    return builder.call(multiply_add, [a, b, c])


def greater(builder: Any, a: Any, b: Any, yes: Any, no: Any) -> Any:
    """``yes`` in the lanes where ``a > b``, ``no`` in the others."""
    return builder.select(builder.fcmp_ordered(">", a, b), yes, no)


def _by_register(work: Callable[..., Any]) -> Any:
    """What numba wants of an operation that does the same with each register."""

    def build(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        several = [parts(builder, value) for value in args]
        count = max(map(len, several))
        same = [registers * count if len(registers) == 1 else registers for registers in several]
        return joined(builder, [work(builder, *operands) for operands in zip(*same, strict=True)])

    return build


def fills(registers: int) -> Any:
    """An operation that makes so many registers of one number."""

    @operation
    def fill(typing: Any, value: Any) -> Any:
        def build(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:
            return joined(builder, [splat(builder, args[0])] * registers)

        return Floats(registers)(types.float32), build

    return fill


fill = fills(1)


@operation
def load(typing: Any, address: Any, index: Any, like: Any) -> Any:
    """Neighbours in an array of float32, as many registers of them as ``like`` has."""

    def build(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        start = element(builder, *args[:2])
        places = [register_at(builder, start, i) for i in range(like.registers)]
        return joined(builder, [builder.load(place, align=4) for place in places])

    return like(types.intp, types.intp, like), build


@operation
def spread(typing: Any, address: Any, index: Any) -> Any:
    """One float32 of an array in all lanes of a register."""

    def build(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        return joined(builder, [splat(builder, builder.load(element(builder, *args), align=4))])

    return Floats(1)(types.intp, types.intp), build


@operation
def load_index(typing: Any, address: Any, index: Any) -> Any:
    """One number of an array of int64."""

    def build(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        return builder.load(element(builder, args[0], args[1], WHOLE), align=8)

    return types.int64(types.intp, types.intp), build


@operation
def load_float(typing: Any, address: Any, index: Any) -> Any:
    """One number of an array of float32."""

    def build(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        return builder.load(element(builder, *args), align=4)

    return types.float32(types.intp, types.intp), build


@operation
def store(typing: Any, address: Any, index: Any, value: Any) -> Any:
    """Write neighbours in an array of float32."""

    def build(context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        start = element(builder, *args[:2])
        for i, register in enumerate(parts(builder, args[2])):
            builder.store(register, register_at(builder, start, i), align=4)
        return context.get_dummy_value()

    return types.none(types.intp, types.intp, value), build


@operation
def store_as_bytes(typing: Any, address: Any, index: Any, value: Any) -> Any:
    """Write whole numbers from 0 to 255 as neighbours in an array of uint8."""

    def build(context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        start, small = element(builder, args[0], args[1], ir.IntType(8)), ir.VectorType(ir.IntType(8), LANES)
        for i, register in enumerate(parts(builder, args[2])):
            place = builder.gep(start, [ir.Constant(WHOLE, i * LANES)])
            whole = builder.fptosi(register, ir.VectorType(ir.IntType(32), LANES))
            builder.store(builder.trunc(whole, small), builder.bitcast(place, small.as_pointer()), align=1)
        return context.get_dummy_value()

    return types.none(types.intp, types.intp, value), build


@operation
def fma(typing: Any, a: Any, b: Any, c: Any) -> Any:
    """``a * b + c``, fused where the machine can: it may round once or twice, but always the same way."""
    return c(a, b, c), _by_register(fused)


@operation
def add(typing: Any, a: Any, b: Any) -> Any:
    """``a + b``."""
    return a(a, b), _by_register(lambda builder, a, b: builder.fadd(a, b))


@operation
def where_greater(typing: Any, a: Any, b: Any, yes: Any, no: Any) -> Any:
    """``yes``, as wide as ``a``, in the lanes where ``a > b``; ``no``, as wide as ``b``, in the others."""
    return a(a, b, a, b), _by_register(greater)
