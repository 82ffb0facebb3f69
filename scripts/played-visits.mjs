/**
 * A day's visits for the dashboard's picture, played through the server as phones and the desk would do it, while the server's clock is put
 * forward: the figures are counted by the server itself, minute by minute.
 */
import { randomUUID } from 'node:crypto';
import sharp from 'sharp';
import { WebSocket } from 'ws';

const minute = 60_000;

/** To be imported by the server before everything else: its clock goes as usual, so far from the real one as it is told. */
export const movableClock = `data:text/javascript,${encodeURIComponent(`
  const real = Date.now;
  let away = 0;
  Date.now = () => real() + away;
  process.on('message', told => {
    // The image process is started with the same line, and is told other things.
    if (typeof told?.away !== 'number') return;
    away = told.away;
    process.send(told);
  });
  process.channel?.unref();
`)}`;

/** Minutes before now, and what became of each visit. */
const visits = [
  [470, 'accepted'],
  [455, 'accepted'],
  [438, 'again'],
  [421, 'shown'],
  [402, 'accepted'],
  [394, 'accepted'],
  [377, 'refused'],
  [351, 'accepted'],
  [340, 'scanned'],
  [326, 'again'],
  [318, 'accepted'],
  [305, 'accepted'],
  [283, 'accepted'],
  [262, 'paired'],
  [251, 'accepted'],
  [214, 'again'],
  [186, 'accepted'],
  [171, 'accepted'],
  [163, 'refused'],
  [140, 'accepted'],
  [128, 'accepted'],
  [109, 'again'],
  [97, 'accepted'],
  [84, 'shown'],
  [71, 'accepted'],
  [58, 'accepted'],
  [46, 'again'],
  [33, 'accepted'],
  [21, 'accepted'],
  [12, 'accepted'],
  [7, 'again'],
  [3, 'sent'],
];

/**
 * @param {import('node:child_process').ChildProcess} server with `movableClock` in it
 * @param {{url: string, token: string, picture: Buffer, createWebSocketClient: Function}} parts
 * @returns {Promise<() => void>} how to close what is still connected: the desk, and the phone of who has just sent.
 */
export async function playVisits(server, { url, token, picture, createWebSocketClient }) {
  const clients = [];
  const connect = given => {
    const client = createWebSocketClient(given, { url, WebSocket });
    client.connect();
    clients.push(client);
    return client;
  };
  const desk = connect(token);
  // Three different photos: the third is sent where the second was refused.
  const [first, second, third] = await Promise.all(
    [700, 690, 680].map(width => sharp(picture).resize({ width }).jpeg().toBuffer()),
  );
  let away = 0;
  for (const [index, [before, what]] of visits.entries()) {
    await clockAt(-before * minute);
    await visit(String(30_100_000 + index * 7_919), what, 14 + ((index * 37) % 23));
  }
  await clockAt(0);
  await desk.send('sessions', 'create', { idPersona: '40123456' });
  return () => {
    for (const client of clients) client.close();
  };

  function clockAt(next) {
    away = next;
    return new Promise(resolve => {
      server.once('message', resolve);
      server.send({ away });
    });
  }

  /** `seconds` from the scan to the first photo. */
  async function visit(idPersona, what, seconds) {
    const { session } = await desk.send('sessions', 'create', { idPersona });
    const end = () => desk.send('sessions', 'end', { session_id: session.id });
    const judge = (photo_id, verdict) => desk.send('photos', 'review', { photo_id, verdict });
    if (what === 'shown') return end();
    await fetch(`${url}${new URL(session.qr.url).pathname}`, { headers: { Accept: 'text/html' } });
    if (what === 'scanned') return end();
    const paired = await fetch(`${url}/api/pair`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'User-Agent': 'Mozilla/5.0 (iPhone) Mobile' },
      body: JSON.stringify({ code: session.qr.code, claim: randomUUID() }),
    });
    const { phone_token: phone } = await paired.json();
    if (what === 'paired') return end();
    await clockAt(away + seconds * 1_000);
    // No picture, which is refused before anything is kept.
    if (what === 'refused') await put(phone, Buffer.from('no picture'));
    const photos = [await put(phone, first), await put(phone, second)];
    if (what === 'sent') return connect(phone);
    if (what === 'again') {
      const conversation = conversationOf(session.id);
      connect(phone);
      await judge(photos[1], 'rejected');
      const message = {
        conversation_id: await conversation,
        sender_id: 'operator',
        content: '¿Podría repetir la foto?',
      };
      await desk.send('messages', 'create', { message });
      await clockAt(away + 20_000);
      photos[1] = await put(phone, third);
    }
    for (const photo of photos) await judge(photo, 'accepted');
    await end();
  }

  /** Made as soon as the phone is connected. */
  function conversationOf(id) {
    return new Promise(resolve => {
      const stop = desk.on('session_updated', ({ session }) => {
        if (session.id !== id || session.conversation_id === null) return;
        stop();
        resolve(session.conversation_id);
      });
    });
  }

  async function put(phone, photo) {
    const id = randomUUID();
    const headers = { Authorization: `Bearer ${phone}`, 'Content-Type': 'image/jpeg' };
    await fetch(`${url}/api/photos/${id}`, { method: 'PUT', headers, body: photo });
    return id;
  }
}
