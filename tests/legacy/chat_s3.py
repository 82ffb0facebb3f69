"""An S3 client by python-socketio: writes to the user 456, reads what comes back, ends with its receipt."""
import sys
from datetime import datetime, timezone

import socketio

url, user_id, other = sys.argv[1:]
client = socketio.Client(reconnection=False)


def say(*words):
    """In one piece: what comes in is handled by several threads."""
    sys.stdout.write(" ".join(words) + "\n")
    sys.stdout.flush()


@client.on("connected")
def connected(data):
    say("connected", data["user_id"])
    client.emit("join_direct_chat", {"other_user_id": other})


@client.on("direct_chat_joined")
def joined(data):
    client.emit(
        "send_message",
        {
            "sala_uuid": data["sala_uuid"],
            "message": "¡Hola!",
            "sender_id": user_id,
            "timestamp": datetime.now(timezone.utc).isoformat(),
            "type": "directo",
            "message_type": "texto",
        },
    )


@client.on("ack")
def ack(data):
    say("ack", data["status"])


@client.on("receive_message")
def received(data):
    say("receive_message", data["from"], data["message"])
    client.emit("mark_read", {"mensaje_id": data["mensaje_id"], "user_id": user_id})


@client.on("read_confirmed")
def confirmed(data):
    say("read_confirmed", data["user_id"])
    if data["user_id"] == user_id:
        client.disconnect()


@client.on("error")
def error(data):
    say("error", data["message"])
    client.disconnect()


client.connect(f"{url}?user_id={user_id}")
client.wait()
