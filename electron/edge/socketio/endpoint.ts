/**
 * Socket.IO's endpoint, at `/socket.io/`, by polling and by WebSocket, for clients of the major versions 2, 3 and 4.
 * (CONTRACT 5.) Its server is given what comes, and attaches itself to nothing; our rooms decide who hears what.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import cors from 'cors';
import { Server as Engine } from 'engine.io';
import { Server, type Socket } from 'socket.io';
import * as parser from 'socket.io-parser';
import { type ServerOptions, WebSocketServer } from 'ws';
import { type Failure, fail, httpStatus, internal, type Result } from '../../../protocol/errors.ts';
import type { Admission, Admit } from '../admissions.ts';
import { type Authenticate, bearer } from '../authenticate.ts';
import type { Origins } from '../origins.ts';
import { queryOf } from '../request-url.ts';
import type { Endpoint } from '../upgrades.ts';
import type { Caller, Handshake, SocketDialect } from './dialect.ts';
import { guardedDecoder } from './frames.ts';
import { greet, type OpenPeer, openPeer, type PeerParts } from './peer.ts';

export interface SocketIoEndpoint extends Endpoint {
  /** A polling request, or any other on its path. */
  request(request: IncomingMessage, response: ServerResponse): void;
  /** Lets those go who have not said for 5 minutes who they are; says how many. */
  dropIdle(): number;
  /** Lets everybody go; they come back by themselves. */
  stop(): Promise<void>;
}

/** Silent for both together, and a peer is gone; as for native connections. */
const pingEvery = 10_000;
const pongWithin = 8_000;
/** For the packet that asks for the namespace, and for a transport's upgrade, in milliseconds. */
const helloWithin = 10_000;
const bodyWithin = 30_000;

/** engine.io passes four options on; these are the bounds that it does not know. (TRUST.) */
class BoundedWebSocketServer extends WebSocketServer {
  constructor(options: ServerOptions) {
    const bounds: ServerOptions & { maxPendingAutoPongs: number } = {
      ...options,
      maxFragments: 16,
      maxBufferedChunks: 256,
      maxPendingAutoPongs: 4,
    };
    super(bounds);
  }
}

interface Parts extends PeerParts {
  origins: Origins;
  admit: Admit;
  authenticate: Authenticate;
  maxMessageBytes: number;
  dialects: readonly SocketDialect[];
}

export function createSocketIoEndpoint(parts: Parts): SocketIoEndpoint {
  const { origins, admit, authenticate, maxMessageBytes, log } = parts;
  const admissions = new WeakMap<IncomingMessage, Admission>();
  const peers = new Set<OpenPeer>();
  const connected = new WeakSet<IncomingMessage>();
  const handshakes = new WeakMap<Socket, { handshake: Handshake; dialects: readonly SocketDialect[] }>();

  const engine = new Engine({
    transports: ['polling', 'websocket'],
    allowEIO3: true,
    pingInterval: pingEvery,
    pingTimeout: pongWithin,
    upgradeTimeout: helloWithin,
    // Larger than what is accepted, so that there is a word about what is too large; beyond it the peer is cut off.
    maxHttpBufferSize: Math.max(1024 * 1024, 2 * maxMessageBytes),
    perMessageDeflate: false,
    httpCompression: false,
    wsEngine: BoundedWebSocketServer,
  });
  const io = new Server({
    serveClient: false,
    connectTimeout: helloWithin,
    parser: { ...parser, Decoder: guardedDecoder(maxMessageBytes) },
  });
  io.bind(engine);

  engine.on('connection', socket => {
    connected.add(socket.request);
    const admission = admissions.get(socket.request);
    // Its WebSocket has been counted too, and stays.
    socket.once('upgrade', () => admission?.released());
    socket.once('close', () => admission?.released());
  });

  async function meet(socket: Socket): Promise<Result<null>> {
    const admission = admissions.get(socket.request);
    if (!admission) return internal;
    const { query, auth, headers } = socket.handshake;
    const token = [auth.token, query.token].find(found => typeof found === 'string' && found !== '');
    const presented = typeof token === 'string' ? token : bearer(headers.authorization);
    const userId = typeof query.user_id === 'string' && query.user_id !== '' ? query.user_id : null;
    const { address, isLegacy } = admission.client;
    const look = async () => {
      const caller = presented === null ? null : await callerOf(presented, authenticate);
      const handshake: Handshake = { userId, caller, address, isLegacy };
      return { handshake, greeted: greet(handshake, parts.dialects) };
    };
    let { handshake, greeted } = await look();
    if (greeted.ok && greeted.value.caller) {
      await parts.onUser(greeted.value.caller.userId, greeted.value.caller.role);
      // Its token may have been revoked meanwhile.
      ({ handshake, greeted } = await look());
    }
    if (!greeted.ok) return greeted;
    handshakes.set(socket, { handshake, dialects: greeted.value.dialects });
    return { ok: true, value: null };
  }

  io.use((socket, next) => {
    meet(socket).then(
      met => next(met.ok ? undefined : turnedAway(met.error)),
      (err: unknown) => {
        log.error({ err }, 'a handshake failed');
        next(turnedAway(internal.error));
      },
    );
  });
  io.on('connection', socket => {
    const met = handshakes.get(socket);
    if (!met) return void socket.disconnect(true);
    const identified = () => admissions.get(socket.request)?.identified();
    try {
      const peer = openPeer(socket, met.handshake, met.dialects, { ...parts, identified });
      peers.add(peer);
      socket.once('disconnect', () => peers.delete(peer));
    } catch (err) {
      log.error({ err }, 'a peer could not be let in');
      socket.disconnect(true);
    }
  });

  const crossOrigin = cors({
    origin: (origin, answer) => answer(null, origin ?? false),
    methods: ['GET', 'POST'],
    // Clients of version 2 always ask with credentials, though there are none.
    credentials: true,
    maxAge: 600,
  });

  /** The same rules as for every other request; JSONP would let any page read along. */
  function objection(request: IncomingMessage, query: URLSearchParams): Failure | null {
    const { host, origin } = request.headers;
    if (origin !== undefined && !origins.originAllowed(origin, host)) {
      return fail('forbidden', 'Esa página no puede conectarse a este servidor.').error;
    }
    return query.has('j') ? fail('invalid_message', 'JSONP no se admite; use WebSocket o XHR.').error : null;
  }

  return {
    takes: path => path === '/socket.io' || path.startsWith('/socket.io/'),

    request(request, response) {
      response.setHeader('X-Content-Type-Options', 'nosniff');
      response.setHeader('Referrer-Policy', 'no-referrer');
      response.setHeader('Cache-Control', 'no-store');
      if (!origins.hostAllowed(request.headers.host)) {
        return answer(response, 421, fail('invalid_message', 'Este servidor no atiende ese nombre.').error);
      }
      const query = queryOf(request);
      const wrong = objection(request, query);
      if (wrong) return answer(response, httpStatus[wrong.code], wrong);
      crossOrigin(request, response, async () => {
        if (!query.has('sid')) {
          const admission = await admit(request);
          if (!admission.ok) return answer(response, httpStatus[admission.error.code], admission.error);
          if (response.closed) return admission.value.released();
          admissions.set(request, admission.value);
          // A handshake that engine.io refuses never becomes a connection: the answer is all there is.
          response.once('close', () => {
            if (!connected.has(request)) admission.value.released();
          });
        }
        const timer = setTimeout(() => request.complete || request.destroy(), bodyWithin);
        response.once('close', () => clearTimeout(timer));
        engine.handleRequest(request, response);
      });
    },

    upgrade(request, socket, head, admission) {
      admissions.set(request, admission);
      // Known from its polling; engine.io refuses an unknown one at once.
      if (queryOf(request).has('sid')) admission.identified();
      engine.handleUpgrade(request, socket, head);
    },

    dropIdle() {
      const idle = [...peers].filter(peer => peer.isIdle());
      for (const peer of idle) peer.close();
      return idle.length;
    },

    stop: () => io.close(),
  };
}

async function callerOf(token: string, authenticate: Authenticate): Promise<Result<Caller>> {
  const principal = await authenticate(token);
  if (!principal.ok) return principal;
  const { value } = principal;
  return value.role === 'phone' ? fail('forbidden', 'El acceso de un teléfono no vale aquí.') : { ok: true, value };
}

/** As `connect_error` for versions 3 and 4, whose `data` it is, and as `error` for version 2. */
function turnedAway({ code, message, details }: Failure): Error {
  const data = { code, message, ...(details === undefined ? {} : { details }) };
  return Object.assign(new Error(message), { data });
}

function answer(response: ServerResponse, status: number, error: Failure): void {
  response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8', Connection: 'close' });
  response.end(JSON.stringify({ error }));
}
