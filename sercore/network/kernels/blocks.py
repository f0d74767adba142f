# mypy: allow-untyped-calls, allow-untyped-decorators
# ruff: noqa: ARG001, PLR0917 (numba reads what an operation takes from its names, and takes no keywords)
"""The innermost loop: a block of sums that stay in registers, and the largest of them.

Some scalars move through one array, some registers through another, and all products of the one with the
other are added up. Sum ``s * vectors + v`` belongs to scalar ``s`` and register ``v``.
"""

from typing import Any

from llvmlite import ir  # type: ignore[import-untyped, unused-ignore]
from numba.core import types
from numba.core.cgutils import get_or_insert_function

from sercore.network.kernels.simd import (
    FLOAT,
    LANES,
    VECTOR,
    WHOLE,
    Floats,
    element,
    fused,
    greater,
    joined,
    operation,
    parts,
    register_at,
    splat,
)


def products(scalars: int, vectors: int) -> Any:
    """An operation that makes the sums of so many scalars and registers."""

    @operation
    def sum_products(
        typing: Any, x: Any, starts: Any, y: Any, places: Any, runs: Any, length: Any, stride: Any, jump: Any
    ) -> Any:
        """Scalars begin at ``starts`` of ``x`` and registers at ``places`` of ``y``.

        At each of ``runs * length`` steps scalars move on by one number and registers by ``stride`` of them;
        after a run these move by a further ``jump``.
        """

        def build(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:
            x, starts, y, places, runs, length, stride, jump = args
            rows = [_start(builder, x, starts, i) for i in range(scalars)]
            columns = [_start(builder, y, places, i) for i in range(vectors)]
            steps = _Steps(builder, [runs, length, stride, jump], scalars * vectors)
            registers = [
                builder.load(register_at(builder, builder.gep(column, [steps.in_y]), 0), align=4)
                for column in columns
            ]
            new = []
            for i, row in enumerate(rows):
                scalar = splat(builder, builder.load(builder.gep(row, [steps.in_x]), align=4))
                for v, register in enumerate(registers):
                    new.append(fused(builder, scalar, register, steps.sums[i * vectors + v]))
            steps.end(new)
            return joined(builder, new)

        return Floats(scalars * vectors)(*[types.intp] * 8), build

    return sum_products


class _Steps:
    """A loop in a loop: the builder stands inside of the inner one until ``end`` closes both."""

    def __init__(self, builder: Any, numbers: list[Any], n_sums: int) -> None:
        self.builder, self.numbers = builder, numbers
        runs, length, *_ = numbers
        nothing, no_sum = ir.Constant(WHOLE, 0), ir.Constant(VECTOR, [0.0] * LANES)
        before, self.inner = builder.block, builder.append_basic_block("products")
        builder.branch(self.inner)
        builder.position_at_end(self.inner)
        # In x, in y, runs to go, steps to go in this one; and the sums.
        self.state = [builder.phi(WHOLE) for _ in range(4)] + [builder.phi(VECTOR) for _ in range(n_sums)]
        self._coming_from(before, [nothing, nothing, runs, length, *[no_sum] * n_sums])
        self.in_x, self.in_y, *_ = self.state
        self.sums = self.state[4:]

    def end(self, sums: list[Any]) -> None:
        """Go on with the next step, with the next run, or leave with these sums."""
        builder, one = self.builder, ir.Constant(WHOLE, 1)
        _, length, stride, jump = self.numbers
        in_x, in_y, runs, steps = self.state[:4]
        in_x, in_y, steps = builder.add(in_x, one), builder.add(in_y, stride), builder.sub(steps, one)
        outer, after = builder.append_basic_block("run"), builder.append_basic_block("sums")
        self._coming_from(self.inner, [in_x, in_y, runs, steps, *sums])
        builder.cbranch(builder.icmp_signed(">", steps, ir.Constant(WHOLE, 0)), self.inner, outer)
        builder.position_at_end(outer)
        runs = builder.sub(runs, one)
        self._coming_from(outer, [in_x, builder.add(in_y, jump), runs, length, *sums])
        builder.cbranch(builder.icmp_signed(">", runs, ir.Constant(WHOLE, 0)), self.inner, after)
        builder.position_at_end(after)

    def _coming_from(self, block: Any, values: list[Any]) -> None:
        for phi, value in zip(self.state, values, strict=True):
            phi.add_incoming(value, block)


def _start(builder: Any, address: Any, starts: Any, number: int) -> Any:
    index = builder.load(element(builder, starts, ir.Constant(WHOLE, number), WHOLE), align=8)
    return element(builder, address, index)


@operation
def highest_of(typing: Any, best: Any, sums: Any) -> Any:
    """For each register of ``best``, the largest in each lane of it and of its sums."""

    def build(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        highest = parts(builder, args[0])
        for i, candidate in enumerate(parts(builder, args[1])):
            v = i % len(highest)
            highest[v] = greater(builder, candidate, highest[v], candidate, highest[v])
        return joined(builder, highest)

    return best(best, sums), build


@operation
def first_highest_of(typing: Any, best: Any, at: Any, sums: Any, first: Any) -> Any:
    """:func:`highest_of`, and where it is found first: ``at``, or ``first`` and its scalar's number."""

    def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        highest, found = parts(builder, args[0]), parts(builder, args[1])
        for i, candidate in enumerate(parts(builder, args[2])):
            number, v = divmod(i, len(highest))
            place = builder.sitofp(builder.add(args[3], ir.Constant(WHOLE, number)), FLOAT)
            wins = builder.fcmp_ordered(">", candidate, highest[v])
            highest[v] = builder.select(wins, candidate, highest[v])
            found[v] = builder.select(wins, splat(builder, place), found[v])
        both = [joined(builder, highest), joined(builder, found)]
        return context.make_tuple(builder, signature.return_type, both)

    return types.UniTuple(best, 2)(best, best, sums, types.intp), build


def highest_lanes(scalars: int) -> Any:
    """An operation that finds the largest sum of each of so many scalars, and the first lane that has it."""

    @operation
    def store_highest(typing: Any, sums: Any, values: Any, lanes: Any) -> Any:
        """Into arrays of float32 and of int64, at these addresses."""

        def build(context: Any, builder: Any, _signature: Any, args: Any) -> Any:
            kind = ir.FunctionType(FLOAT, [VECTOR])
            reduce = get_or_insert_function(builder.module, kind, f"llvm.vector.reduce.fmax.v{LANES}f32")
            several = parts(builder, args[0])
            vectors = len(several) // scalars
            for i in range(scalars):
                own, number = several[i * vectors : (i + 1) * vectors], ir.Constant(WHOLE, i)
                best = own[0]
                for register in own[1:]:
                    best = greater(builder, best, register, best, register)
                value = builder.call(reduce, [best], fastmath=("nnan", "nsz"))
                builder.store(value, element(builder, args[1], number), align=4)
                where = _first_lane(builder, own, splat(builder, value))
                builder.store(where, element(builder, args[2], number, WHOLE), align=8)
            return context.get_dummy_value()

        return types.none(sums, types.intp, types.intp), build

    return store_highest


def _first_lane(builder: Any, registers: list[Any], value: Any) -> Any:
    """The first lane that equals ``value``, counted through all registers; one must."""
    bits = ir.Constant(WHOLE, 0)
    for i, register in enumerate(registers):
        equal = builder.bitcast(builder.fcmp_ordered("==", register, value), ir.IntType(LANES))
        bits = builder.or_(bits, builder.shl(builder.zext(equal, WHOLE), ir.Constant(WHOLE, i * LANES)))
    return builder.cttz(bits, ir.Constant(ir.IntType(1), 1))
