/**
 * S1, QR sessions: shows an address for a phone, again each time that it changes, until a phone has joined, and lets it go
 * again. (Node 20.19 or newer.)
 *
 *   node examples/s1/qr.mjs
 *
 * MOSTRADOR_URL is where the desk is, ws://127.0.0.1:8080 unless it is set; from another machine with ?token=…
 */
import { WebSocket } from 'ws';

const socket = new WebSocket(process.env.MOSTRADOR_URL ?? 'ws://127.0.0.1:8080');
const say = message => socket.send(JSON.stringify(message));

socket.on('open', () => say({ type: 'get_qr' }));
socket.on('message', text => {
  const { type, session_id, qr_data, payload, message = payload?.message } = JSON.parse(text);
  if (type === 'error') process.exitCode = 1;
  process.stdout.write(`${type}: ${qr_data ?? message}\n`);
  if (type === 'authenticated') say({ type: 'disconnect_whatsapp', session_id });
  if (type === 'disconnected') socket.close();
});
socket.on('error', error => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
