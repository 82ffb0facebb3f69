"""An S4 client by the package websockets: signs in, asks for its conversations and for one that there is not."""
import asyncio
import json
import sys

import websockets

url, token, user_id = sys.argv[1:]


async def main():
    async with websockets.connect(url) as socket:
        await socket.send(json.dumps({"type": "auth", "token": token}))
        await socket.send(request("msg-1", {"action": "get_all", "user_id": user_id}))
        await socket.send(request("msg-2", {"action": "get", "conversation_id": "conv999"}))
        waiting = {"msg-1", "msg-2"}
        while waiting:
            frame = json.loads(await socket.recv())
            waiting.discard(frame["id"])
            payload = frame["payload"]
            if frame["type"] == "event":
                print("event", payload["type"], flush=True)
            elif frame["type"] == "response":
                print("response", frame["id"], payload["conversations"], flush=True)
            else:
                print("error", frame["id"], payload["code"], flush=True)


def request(id, payload):
    return json.dumps({"type": "request", "id": id, "resource": "conversations", "payload": payload})


asyncio.run(main())
