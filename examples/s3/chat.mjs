/**
 * S3, the chat over Socket.IO: writes one line to somebody and shows what comes back, until it was read. (Node 20.19 or newer.)
 *
 *   node examples/s3/chat.mjs 123 456 "Hola!"     123 writes to 456
 *   node examples/s3/chat.mjs 456 123             456 reads what 123 wrote
 *
 * MOSTRADOR_URL is where the desk is, http://127.0.0.1:8080 unless it is set; from another machine the
 * token of USER_ID is due, in TOKEN.
 */
import { io } from 'socket.io-client';

const [user_id, other_user_id, message] = process.argv.slice(2);
if (!user_id || !other_user_id) {
  process.stderr.write('node chat.mjs USER_ID OTHER_USER_ID [MESSAGE]\n');
  process.exit(2);
}
const socket = io(process.env.MOSTRADOR_URL ?? 'http://127.0.0.1:8080', {
  query: { user_id },
  auth: { token: process.env.TOKEN },
});
const show = (event, data) => process.stdout.write(`${event}: ${JSON.stringify(data)}\n`);

socket.on('connected', () => socket.emit('join_direct_chat', { other_user_id }));
socket.on('direct_chat_joined', ({ sala_uuid }) => {
  if (message === undefined) return;
  const timestamp = new Date().toISOString();
  socket.emit('send_message', {
    sala_uuid,
    message,
    sender_id: user_id,
    timestamp,
    type: 'directo',
    message_type: 'texto',
  });
});
socket.on('ack', data => show('ack', data));
socket.on('receive_message', data => {
  show('receive_message', data);
  socket.emit('mark_read', { mensaje_id: data.mensaje_id, user_id });
});
socket.on('read_confirmed', data => {
  show('read_confirmed', data);
  socket.close();
});
socket.on('error', data => show('error', data));
socket.on('connect_error', error => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
