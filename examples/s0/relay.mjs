/**
 * S0, the image relay: shows the photos that others send, or sends one. (Node 20.19 or newer.)
 *
 *   node examples/s0/relay.mjs                        every photo that comes, until Ctrl+C
 *   node examples/s0/relay.mjs 40123456 photo.jpg     sends one
 *
 * MOSTRADOR_URL is where the desk is, ws://127.0.0.1:8080 unless it is set; from another machine with ?token=…
 */
import { readFile } from 'node:fs/promises';
import { WebSocket } from 'ws';

const [idPersona, file] = process.argv.slice(2);
const socket = new WebSocket(process.env.MOSTRADOR_URL ?? 'ws://127.0.0.1:8080');

socket.on('open', async () => {
  if (!file) return process.stdout.write('listening\n');
  socket.send(JSON.stringify({ idPersona, image: await readFile(file, 'base64') }));
  // Nothing comes back to who sends: the frame has left, and closing waits for it.
  socket.close();
});
socket.on('message', text => {
  // What is wrong with a photo comes as `error`; that a token is missing, as the `payload` of an error.
  const { idPersona: person, image, payload, error = payload } = JSON.parse(text);
  if (!error) return process.stdout.write(`photo of ${person}: ${image.length} characters\n`);
  process.stderr.write(`${error.code}: ${error.message}\n`);
  process.exitCode = 1;
});
socket.on('error', error => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
