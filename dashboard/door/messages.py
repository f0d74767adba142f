"""What a visitor's program may say to the server, and what of the answers is not for visitors.

Streamlit takes more than pages need, from any program: clear_cache empties the caches of all, set_run_on_save
and load_git_info are for who develops, an operation may write files. What pages need passes.
"""

from pathlib import Path

from google.protobuf.message import DecodeError
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

NEEDED = {"rerun_script", "stop_script", "file_urls_request", "app_heartbeat"}
FILES_AT_ONCE = 4  # uploads that are announced; each name is answered with an address
SCRIPT = Path(__file__).resolve().parents[1] / "visit.py"


def may_pass(data: bytes) -> bool:
    """Whether a message of a visitor's program is one that pages need.

    Example:
        >>> may_pass(BackMsg(clear_cache=True).SerializeToString())
        False
        >>> may_pass(BackMsg(stop_script=True).SerializeToString())
        True
    """
    try:
        message = BackMsg.FromString(data)
    except DecodeError:
        return False
    few = len(message.file_urls_request.file_names) <= FILES_AT_ONCE
    return few and message.WhichOneof("type") in NEEDED


def for_visitors(data: bytes) -> tuple[bytes, str | None]:
    """A message of the server without the path of its script; and the session's name, if it begins a run.

    Example:
        >>> message = ForwardMsg()
        >>> message.new_session.main_script_path = str(SCRIPT)
        >>> ForwardMsg.FromString(for_visitors(message.SerializeToString())[0]).new_session.main_script_path
        'visit.py'
    """
    if str(SCRIPT).encode() not in data:
        return data, None
    message = ForwardMsg.FromString(data)
    if message.WhichOneof("type") != "new_session":
        return data, None
    message.new_session.main_script_path = SCRIPT.name
    return message.SerializeToString(), message.new_session.initialize.session_id
