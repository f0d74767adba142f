"""A feed on a WebSocket: one conversation from its beginning to its end, whatever comes in between."""

import asyncio
import json
import logging
import os
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

from starlette.websockets import WebSocket, WebSocketDisconnect

from sercore.live.feed import Feed, Offer
from sercore.live.inbox import Inbox
from sercore.live.messages import FAILED, LATER, POLICY, FeedError, Stop, read_hello, read_message, said
from sercore.live.own_microphone import OwnMicrophone
from sercore.live.places import TURN_SECONDS, Places
from sercore.live.sound_card import SoundError

HELLO_SECONDS, IDLE_SECONDS = 10.0, 20.0  # after which a client that says nothing is left
AHEAD_SECONDS = 10.0  # by which a client may send faster than one speaks; then it waits
_LONGEST_REASON = 120  # bytes, in a close
_COMPUTERS = ThreadPoolExecutor(os.cpu_count(), "live")  # the loop goes on while they compute
Result = TypeVar("Result")


class SoundOverError(FeedError):
    """That no more sound is heard, though the client asked for no end: it gets the last word all the same."""


class FeedSocket:
    """Follows every client that comes; ``follow`` is an endpoint of Starlette.

    Args:
        offer: what there is to choose from, asked anew for each client.
        places: how many are followed at once.
        pages: whether pages of browsers may come, which any site that their user opens can be.
        microphone: what is heard in place of the clients' sound; None hears them.
    """

    def __init__(
        self,
        offer: Callable[[], Offer],
        places: Places,
        *,
        pages: bool = True,
        microphone: OwnMicrophone | None = None,
    ) -> None:
        self.offer, self.places, self.pages, self.microphone = offer, places, pages, microphone

    async def follow(self, socket: WebSocket) -> None:
        """One conversation; it ends with one sentence where something is wrong, and is never fatal."""
        if "origin" in socket.headers and not self.pages:
            await socket.close(POLICY)  # which answers 403
            return
        await socket.accept()
        try:
            await self._while_connected(socket)
        except FeedError as error:
            await _close(socket, error)
        except Exception:
            logging.getLogger("sercore.live").exception("a feed failed")
            await _close(socket, FeedError(FAILED, "something went wrong here, and the log has the details"))

    async def _while_connected(self, socket: WebSocket) -> None:
        inbox = Inbox(socket)
        tasks = [asyncio.create_task(each) for each in (inbox.fill(), self._talk(socket, inbox))]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            ended = await asyncio.gather(*tasks, return_exceptions=True)
        for problem in ended:
            if isinstance(problem, Exception) and not isinstance(problem, WebSocketDisconnect):
                raise problem

    async def _talk(self, socket: WebSocket, inbox: Inbox) -> None:
        hello = read_hello(await _said_within(HELLO_SECONDS, inbox))
        hello = hello if self.microphone is None else replace(hello, format="pcm")
        offer = self.offer()
        offer.check(hello)

        async def tell(ahead: int) -> None:
            await _send(socket, said("waiting", ahead=ahead))

        async with self.places.place(tell) as turn_is_over:
            feed = await _compute(Feed, offer, hello)
            await _send(socket, feed.hello)
            ended: SoundOverError | None = None
            async with self._sound(socket, inbox):
                try:
                    wanted = await self._listen(socket, inbox, feed, turn_is_over)
                except SoundOverError as error:
                    wanted, ended = Stop(replay=True), error
            await _say_last(socket, feed, wanted)
            if ended is not None:
                raise ended
            await socket.close()

    @asynccontextmanager
    async def _sound(self, socket: WebSocket, inbox: Inbox) -> AsyncIterator[None]:
        """Meanwhile the inbox fills with sound: the client's, or what this machine's microphone hears."""
        if self.microphone is None:
            inbox.hears = True
            yield
            return
        task = asyncio.create_task(_record(self.microphone, socket, inbox))
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _listen(
        self, socket: WebSocket, inbox: Inbox, feed: Feed, turn_is_over: Callable[[], bool]
    ) -> Stop:
        begun = time.monotonic()
        while not turn_is_over():
            message = await _said_within(IDLE_SECONDS, inbox, feed.lacks)
            if isinstance(message, list):
                for told in await _compute(feed.hear, message, inbox.seconds):
                    await _send(socket, told)
                ahead = feed.seconds - (time.monotonic() - begun) - AHEAD_SECONDS
                await asyncio.sleep(max(0.0, ahead))
            elif isinstance(wanted := read_message(message), Stop):
                return wanted
            else:
                await _send(socket, await _compute(feed.change, wanted))
        minutes = f"{TURN_SECONDS / 60:g} minutes"
        raise SoundOverError(LATER, f"a turn lasts {minutes} while others wait; come again")


async def _record(microphone: OwnMicrophone, socket: WebSocket, inbox: Inbox) -> None:
    try:
        async with aclosing(microphone.listen()) as blocks:
            async for block in blocks:
                await socket.send_bytes(block)
                await inbox.put(block)
    except Exception as error:  # whoever listens meets it
        await inbox.end(SoundOverError(FAILED, str(error)) if isinstance(error, SoundError) else error)


async def _said_within(seconds: float, inbox: Inbox, least: int = 1) -> str | list[bytes]:
    try:
        return await inbox.take(seconds, least)
    except TimeoutError:
        raise FeedError(POLICY, f"nothing was said for {seconds:g} s") from None


async def _say_last(socket: WebSocket, feed: Feed, wanted: Stop) -> None:
    stopped, sound = await _compute(feed.stop, wanted)
    await _send(socket, stopped)
    if sound is not None:
        await socket.send_bytes(sound)


async def _compute(work: Callable[..., Result], *given: Any) -> Result:
    return await asyncio.get_running_loop().run_in_executor(_COMPUTERS, partial(work, *given))


async def _send(socket: WebSocket, message: dict[str, Any]) -> None:
    await socket.send_text(json.dumps(message, allow_nan=False))


async def _close(socket: WebSocket, error: FeedError) -> None:
    reason = str(error).encode()[:_LONGEST_REASON].decode(errors="ignore")
    try:
        await _send(socket, said("error", message=str(error)))
        await socket.close(error.code, reason)
    except (WebSocketDisconnect, RuntimeError):  # it has left meanwhile
        return
