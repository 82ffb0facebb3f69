/**
 * S4, requests and events: opens a conversation with somebody, writes to it and shows what is written there, until somebody
 * answers. (Node 20.19 or newer.)
 *
 *   TOKEN=$(npm run --silent mostrador -- token --sub user789 --role user)
 *   node examples/s4/messages.mjs user789 user123 "Hola mundo" "$TOKEN"
 *
 * The other one must have been connected once, so that it is known here. MOSTRADOR_URL is where the desk is,
 * http://127.0.0.1:8080 unless it is set.
 */
import { WebSocket } from 'ws';
import { createWebSocketClient } from '../../dist/sdk/mostrador-client.js';

const [sender_id, other, content, token] = process.argv.slice(2);
if (!token) {
  process.stderr.write('node messages.mjs USER_ID OTHER_USER_ID MESSAGE TOKEN\n');
  process.exit(2);
}

const client = createWebSocketClient(token, { url: process.env.MOSTRADOR_URL ?? 'http://127.0.0.1:8080', WebSocket });

client.onConnect = ({ user_id }) => process.stdout.write(`connected: ${user_id}\n`);
client.onError = failed;
client.on('new_message', message => {
  process.stdout.write(`${message.sender_id}: ${message.content}\n`);
  if (message.sender_id === other) client.close();
});
client.connect();

client.send('conversations', 'create', { type: 'direct', members: [other] }, (data, error) => {
  if (error) return failed(error);
  const message = { conversation_id: data.conversation.id, content, sender_id };
  client.send('conversations', 'get_all', { user_id: sender_id }, (list, refused) => {
    if (refused) return failed(refused);
    process.stdout.write(`conversations: ${list.conversations.length}\n`);
    client.send('messages', 'create', { message }, (_data, unsent) => unsent && failed(unsent));
  });
});

function failed({ code, message }) {
  process.stderr.write(`${code}: ${message}\n`);
  process.exitCode = 1;
  client.close();
}
