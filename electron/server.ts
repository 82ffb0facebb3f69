/** The one place that builds everything: a Config in, a server to start and stop out. Whoever calls it owns the process. */
import { randomInt, randomUUID } from 'node:crypto';
import { networkInterfaces } from 'node:os';
import type { Logger } from 'pino';
import * as z from 'zod/mini';
import es from 'zod/v4/locales/es.js';
import { ok, type Result } from '../protocol/errors.ts';
import { createLiveSettings } from './config/live-settings.ts';
import type { Config, Live } from './config.ts';
import { activityHandlers } from './core/activity/handlers.ts';
import { createBroadcast } from './core/broadcast.ts';
import { createChatEntrance } from './core/chat/entrance.ts';
import { conversationHandlers, messageHandlers } from './core/chat/handlers.ts';
import { createSessionChat } from './core/chat/session-chat.ts';
import { createCommit } from './core/commit.ts';
import { createCommitTogether } from './core/commit-together.ts';
import { createUnwritten } from './core/dashboard/figures.ts';
import { dashboardHandlers } from './core/dashboard/handlers.ts';
import { createDispatch } from './core/dispatch.ts';
import { displayHandlers } from './core/display/handlers.ts';
import { eventHandlers } from './core/events/handlers.ts';
import { clearFiles } from './core/file/clearing.ts';
import { createFiling } from './core/file/filing.ts';
import { firewallCommands, platformOf } from './core/network/firewall.ts';
import { networkHandlers } from './core/network/handlers.ts';
import { createNetwork } from './core/network/network.ts';
import { createErasures } from './core/people/erasures.ts';
import { peopleHandlers } from './core/people/handlers.ts';
import { createDarkroom } from './core/photo/darkroom.ts';
import { photoHandlers } from './core/photo/handlers.ts';
import { createIntake } from './core/photo/intake.ts';
import { recoverPhotos } from './core/photo/recovery.ts';
import type { After, Clock, Ids } from './core/ports.ts';
import { createPresent } from './core/present.ts';
import { createQuota } from './core/quota.ts';
import { roomHandlers } from './core/rooms/handlers.ts';
import { createCredentials } from './core/session/credentials.ts';
import { addressChanged, phonePresence, sessionHandlers } from './core/session/handlers.ts';
import { createPresence } from './core/session/presence.ts';
import { createQrDesk } from './core/session/qr.ts';
import { sessionOfScan } from './core/session/scan.ts';
import { settingsHandlers } from './core/settings/handlers.ts';
import { userHandlers } from './core/users/handlers.ts';
import { createUserPresence } from './core/users/presence.ts';
import { lockDataFolder, removeRuntime, settingsFile, writeRuntime } from './data-folder.ts';
import { createAdmissions } from './edge/admissions.ts';
import { createAuthenticate } from './edge/authenticate.ts';
import { createReadAddress } from './edge/client-address.ts';
import { createConnections } from './edge/connections.ts';
import { createS1 } from './edge/dialects/s1/s1.ts';
import { type Identity, identityOfCaller, identityOfProfile } from './edge/dialects/s2/identity.ts';
import { createS2 } from './edge/dialects/s2/s2.ts';
import { createS3 } from './edge/dialects/s3/s3.ts';
import { createDjango } from './edge/django.ts';
import { createDjangoAdmins } from './edge/django-admins.ts';
import { createApp } from './edge/http/app.ts';
import { arrivalRoutes } from './edge/http/arrivals.ts';
import { createCallers } from './edge/http/callers.ts';
import { dashboardRoutes } from './edge/http/dashboard.ts';
import { documentRoutes } from './edge/http/documents.ts';
import { eventRoutes } from './edge/http/events.ts';
import { fileRoutes } from './edge/http/files.ts';
import { opsRoutes } from './edge/http/ops.ts';
import { createPage, pageRoutes } from './edge/http/pages.ts';
import { pairRoutes } from './edge/http/pair.ts';
import { createPassOn } from './edge/http/pass-on.ts';
import { peopleRoutes } from './edge/http/people.ts';
import { photoRoutes } from './edge/http/photos.ts';
import { sessionRoutes } from './edge/http/sessions.ts';
import { createUploadRate } from './edge/http/upload-rate.ts';
import { createListeners, type Listeners } from './edge/listeners.ts';
import { createNativeEndpoint } from './edge/native/endpoint.ts';
import { observe } from './edge/observer.ts';
import { createOrigins } from './edge/origins.ts';
import { answersAt } from './edge/own-port.ts';
import { createRawEndpoint } from './edge/raw/endpoint.ts';
import { pathOf } from './edge/request-url.ts';
import { s1Parts } from './edge/s1-sessions.ts';
import { createSocketIoEndpoint } from './edge/socketio/endpoint.ts';
import { socketS1 } from './edge/socketio/s1.ts';
import { createUpgrades } from './edge/upgrades.ts';
import type { StartFailure } from './failed-start.ts';
import { inspect } from './images/inspect.ts';
import { createImageWork } from './images/process.ts';
import { type Interfaces, lanUrls, ownUrl, watchLan } from './lan.ts';
import type { ForkWorker } from './processes/handle.ts';
import { secretsOf } from './secrets.ts';
import { openShelves } from './shelves.ts';
import { createDiskUsage } from './store/disk-usage.ts';
import { openStores } from './stores.ts';
import { createStoring } from './storing/process.ts';
import { startUpkeep } from './upkeep.ts';

export interface Parts {
  forkImageWorker: ForkWorker;
  forkStoringWorker: ForkWorker;
  /** The build's output: holds `client/` and `sdk/`. */
  distDir: string;
  version: string;
  log: Logger;
  /** This machine's own, where a test does not say others. */
  interfaces?: (() => Interfaces) | undefined;
}

export interface Running {
  port: number;
  /** Best first. */
  lanUrls: string[];
  /** Opens the desk page on this PC, signed in. Holds the token: never to be logged. */
  operatorUrl: string;
  operatorToken: string;
}

type Started =
  | {
      ok: true;
      running: Running;
      /** Told when phones have to use another address. */
      onLan(listener: LanListener): void;
      /** Told after each change of the settings. */
      onSettings(listener: (now: Live) => void): void;
    }
  | { ok: false; failure: StartFailure };

type LanListener = (lanUrls: string[]) => void;

export interface Server {
  start(): Promise<Started>;
  /** Cleanly, in under 3 s: what has been begun is finished or refused, what was acknowledged is on the disk. */
  stop(): Promise<void>;
}

// Without it every field that is wrong is "Invalid input", and nobody learns how.
z.config(es());

/** A taken port is followed by the next ones. */
const portsTried = 11;
/** How long answers may still take when the server stops, in milliseconds. */
const graceMs = 1_000;
/** What nobody waits for is committed together with what comes in this time, in milliseconds. */
const togetherMs = 50;

export function createServer(config: Config, parts: Parts): Server {
  /** What has been started, in reverse: each entry undoes one step. */
  const undo: (() => unknown)[] = [];

  async function stop(): Promise<void> {
    for (let step = undo.pop(); step; step = undo.pop()) {
      try {
        await step();
      } catch (err) {
        parts.log.error({ err }, 'a part did not stop cleanly');
      }
    }
  }

  return {
    async start() {
      const started = await start(config, parts, undo).catch(async error => {
        await stop();
        throw error;
      });
      if (!started.ok) await stop();
      return started;
    },
    stop,
  };
}

async function start(
  config: Config,
  { forkImageWorker, forkStoringWorker, distDir, version, log, interfaces = networkInterfaces }: Parts,
  undo: (() => unknown)[],
): Promise<Started> {
  const begun = performance.now();
  const { limits, dataDir } = config;
  const lock = lockDataFolder(dataDir);
  if (!lock.ok && lock.reason === 'locked') {
    return { ok: false, failure: { reason: 'data_folder_locked', address: lock.address } };
  }
  if (!lock.ok) return { ok: false, failure: { reason: 'data_folder', message: lock.message } };
  undo.push(lock.release);

  const stores = await openStores(config, log);
  if (!stores.ok) return { ok: false, failure: { reason: 'database', message: stores.message } };
  const { store, chat, users, mysql } = stores;
  undo.push(stores.close);
  const shelves = await openShelves(config);
  if (!shelves.ok) return shelves;
  const { secretKey, files, attachments } = shelves;
  const settings = createLiveSettings(config, settingsFile(dataDir));

  // What the rules need from outside.
  const clock: Clock = { now: () => Date.now() };
  const after: After = (ms, then) => {
    const timer = setTimeout(then, ms).unref();
    return () => clearTimeout(timer);
  };
  const ids: Ids = { uuid: () => randomUUID(), pick: below => randomInt(below) };
  const secrets = secretsOf(secretKey);
  const credentials = createCredentials(secrets);
  const maxPixels = limits.maxPhotoMegapixels * 1_000_000;
  const work = createImageWork(forkImageWorker, { maxPixels, log });
  undo.push(() => work.stop());
  work.warm();

  // Where phones reach it.
  let port = config.port;
  const urls = () => lanUrls(lan.current(), port, config.publicUrl);
  let shownUrl: string | null = null;
  const lanListeners = new Set<LanListener>();
  const lan = watchLan({ prefer: settings.get().lanInterface, read: interfaces, host: config.host }, () => {
    const [url = null] = urls();
    if (url !== shownUrl) commit(() => addressChanged(url, sessions));
    shownUrl = url;
    void network.changed();
    log.info(
      { addresses: lan.current().map(({ address, name, why }) => `${address} (${name}: ${why})`) },
      'the network changed',
    );
    for (const listener of lanListeners) listener(urls());
  });
  undo.push(() => lan.stop());

  // The rules.
  const connections = createConnections(log, (userId, online) => userPresence.changed(userId, online));
  const presence = createPresence(clock);
  const commit = createCommit({ store, bus: connections, clock, ids, log });
  const broadcast = createBroadcast(connections, ids);
  const baseUrl = () => urls()[0] ?? null;
  const unwritten = createUnwritten(clock.now);
  const qrDesk = createQrDesk({ credentials, pairing: store.pairing, clock, baseUrl });
  const present = createPresent({ sessions: store.sessions, qrDesk });
  const sessions = { store, clock, ids, presence, qrDesk };
  const darkroom = createDarkroom({ store, commit, files, work, after, log });
  const check = (bytes: Buffer) => inspect(bytes, { maxPixels });
  const together = createCommitTogether(commit, flush => void after(togetherMs, flush));
  undo.push(() => together.flush());
  const storing = createStoring(forkStoringWorker, { placeOf: files.place, maxPixels, log });
  undo.push(() => storing.stop());
  const intake = createIntake({
    ...sessions,
    commit,
    together,
    broadcast,
    files,
    storing,
    darkroom,
    inspect: check,
    limits,
  });
  const filing = createFiling({
    store,
    chat,
    commit,
    clock,
    after,
    files: attachments,
    work,
    inspect: check,
    limits,
    log,
  });
  const { isOnline } = connections;
  const userPresence = createUserPresence({ users, clock, isOnline, commit, broadcast, after, log });
  const openChat = createSessionChat({ chat, sessions, commit, log });
  const quota = createQuota(clock, limits.chatPerMinute);
  const chats = {
    chat,
    users,
    sessions: store.sessions,
    files: store.files,
    clock,
    ids,
    quota,
    maxChars: limits.chatChars,
  };
  const django = config.django && createDjango(config.django, clock.now);
  const observer = observe(connections, clock.now);
  undo.push(() => observer.stop());
  const platform = platformOf(process.platform);
  const wifi = () => settings.get().wifi;
  const network = createNetwork({
    clock,
    broadcast,
    addresses: lan.current,
    unheard: () => lan.unheard().map(({ address }) => address),
    isOwn: lan.isOwn,
    preferred: lan.preferred,
    isFixed: () => config.fixed.lanInterface !== undefined,
    publicUrl: config.publicUrl,
    url: baseUrl,
    host: config.host,
    port: () => port,
    wifi,
    platform,
    firewall: () => firewallCommands(platform, port, process.execPath),
    answersAt: address => answersAt(address, port),
  });
  undo.push(
    settings.subscribe(({ lanInterface, wifi }, before) => {
      lan.prefer(lanInterface);
      if (wifi?.ssid !== before.wifi?.ssid || wifi?.password !== before.wifi?.password) network.tell();
    }),
  );
  const erasures = createErasures({ store, chat, files: attachments, clock, darkroom, commit, log });
  const refOf = (idPersona: string) => Buffer.from(secrets.derive('person', idPersona)).toString('hex', 0, 8);
  const resources = {
    dashboard: dashboardHandlers({
      ...observer,
      store,
      clock,
      ids,
      process() {
        const { rss, heapUsed } = process.memoryUsage();
        return { rss, heapUsed, uptimeS: Math.round((performance.now() - begun) / 1_000) };
      },
      django: async () =>
        django
          ? { configured: true, ...(await django.status()) }
          : { configured: false, reachable: false, latency_ms: null, checked_at: null },
      mysql: async () => ({ configured: mysql !== null, reachable: (await mysql?.isReachable()) ?? false }),
      look() {
        const { desk_name, lang, theme } = settings.view();
        return { desk_name, lang, theme };
      },
      disk: createDiskUsage(dataDir, clock.now),
      dropIdle: () => socketIo.dropIdle(),
    }),
    sessions: sessionHandlers(sessions),
    photos: photoHandlers(sessions),
    people: peopleHandlers({ ...sessions, commit, erasures, refOf }),
    conversations: conversationHandlers(chats),
    messages: messageHandlers(chats),
    users: userHandlers({ users, clock, ids, isOnline }),
    events: eventHandlers({ store, clock }),
    rooms: roomHandlers(),
    network: networkHandlers({ network, wifi, settings, clock }),
    display: displayHandlers(sessions),
    activity: activityHandlers({ store }),
    settings: settingsHandlers({ settings, clock }),
  };
  const dispatch = createDispatch(resources, { commit, log, journal: store.journal });

  // The edge.
  const origins = createOrigins(config);
  const readAddress = createReadAddress(config);
  const authenticate = createAuthenticate({
    credentials,
    sessions: store.sessions,
    tokens: store.tokens,
    secretKey,
  });
  const admit = createAdmissions({
    readAddress,
    authenticate,
    log,
    maxPerAddress: limits.maxWsPerAddress,
    maxUnidentified: limits.maxUnauthenticatedPerAddress,
  });
  const callers = createCallers(authenticate, readAddress);
  const passOn = createPassOn(dispatch);
  const uploadRate = createUploadRate(limits.uploadsPerMinute);
  const heard = {
    authenticate,
    dispatch,
    connections,
    present,
    log,
    maxMessageBytes: limits.maxMessageBytes,
    head: () => store.journal.head(),
    onUser: userPresence.seen,
  };
  const native = createNativeEndpoint({
    ...heard,
    presence,
    clock,
    ids,
    onPhone(phone, isConnected) {
      commit(() => phonePresence(phone, isConnected, sessions));
      if (isConnected) void openChat(phone.sessionId);
    },
  });
  const s1 = createS1(s1Parts({ dispatch, ids, after, names: store.s1Names, log }));
  const raw = createRawEndpoint({
    left: [...store.photos.unfinished(), ...store.photos.ofNobody()],
    connections,
    native,
    s1,
    intake,
    commit,
    dispatch,
    files,
    ids,
    log,
    maxS0FrameBytes: limits.maxS0FrameBytes,
    maxMessageBytes: limits.maxMessageBytes,
  });
  /** Whom S2 believes: Django where there is one, else our own tokens. */
  async function identify(token: string): Promise<Result<Identity>> {
    if (django) {
      const profile = await django.profile(token);
      return profile.ok ? identityOfProfile(profile.value) : profile;
    }
    const principal = await authenticate(token);
    return principal.ok ? ok(identityOfCaller(principal.value)) : principal;
  }
  const djangoAdmins = django && createDjangoAdmins({ authenticate, identify, readAddress });
  const socketIo = createSocketIoEndpoint({
    ...heard,
    origins,
    admit,
    dialects: [
      socketS1(s1),
      createS2({ identify }),
      createS3({ entrance: createChatEntrance({ ...chats, commit, log }) }),
    ],
  });
  const facts = () => {
    const { deskName, lang, retentionDays, consent } = settings.get();
    const max_photo_mb = Math.floor(limits.maxPhotoBytes / 1024 / 1024);
    const chat_chars = limits.chatChars;
    return { desk: deskName, lang, version, max_photo_mb, chat_chars, retention_days: retentionDays, consent };
  };
  const app = createApp({
    origins,
    log,
    maxBodyBytes: limits.maxMessageBytes,
    routes: [
      arrivalRoutes(network.arrived),
      opsRoutes({ callers, store, connections, version }),
      pageRoutes({
        distDir,
        facts,
        connections,
        database: config.database ? 'MySQL' : 'SQLite',
        scanned(token) {
          try {
            const sessionId = sessionOfScan(token, { store, credentials });
            if (sessionId !== null) unwritten.scanned(sessionId);
          } catch (err) {
            // The phone gets its page all the same.
            log.warn({ err }, 'a scan was not counted');
          }
        },
      }),
      documentRoutes(version, resources),
      pairRoutes({ ...sessions, credentials, commit, readAddress, limits }),
      sessionRoutes({ dispatch, passOn, callers }),
      eventRoutes({ passOn, callers }),
      dashboardRoutes({
        passOn,
        callers: djangoAdmins ? createCallers(djangoAdmins, readAddress) : callers,
        page: createPage(distDir, 'dashboard', facts),
      }),
      photoRoutes({
        passOn,
        commit,
        callers,
        intake,
        darkroom,
        files,
        store,
        uploadRate,
        brokenOff: unwritten.brokenOff,
      }),
      peopleRoutes({ callers, commit, clock, log, store, chat, darkroom, files, attachments, version }),
      fileRoutes({ callers, filing, files: attachments, uploadRate }),
    ],
  });
  const listeners = createListeners({
    log,
    request: (request, response) =>
      socketIo.takes(pathOf(request)) ? socketIo.request(request, response) : app(request, response),
    upgrade: createUpgrades({
      origins,
      admit,
      endpoints: [native, socketIo, raw],
    }),
    maxTcpPerAddress: limits.maxTcpPerAddress,
    exempt: config.legacyAllow,
  });
  undo.push(() => listeners.close(graceMs));
  undo.push(() => native.stop());
  undo.push(() => raw.stop(graceMs));
  undo.push(() => socketIo.stop());

  const found = await listen(listeners, config);
  if (!found.ok) return found;
  port = found.port;
  shownUrl = baseUrl();
  if (config.port !== 0 && port !== config.port)
    log.warn({ wanted: config.port, port }, 'the port is taken; the next free one is used');
  for (const extra of config.extraPorts) {
    const got = await listeners.listen(extra, config.host);
    if (!got.ok) log.warn({ port: extra }, 'an extra port is taken');
  }

  const clearAttachments = () => clearFiles(store, attachments, commit);
  const retentionDays = () => settings.get().retentionDays;
  undo.push(
    startUpkeep({ commit, unwritten, connections, sessions, darkroom, clearAttachments, erasures, retentionDays, log }),
  );
  for (const photo of store.photos.unfinished()) darkroom.add(photo);
  const unfinished = (err: unknown) => log.error({ err }, 'the files were not gone through to the end');
  void files
    .sweep(
      id => store.photos.has(id),
      id => store.photos.get(id)?.storedSha256 != null,
      stores.isLost,
    )
    .then(({ orphans }) => recoverPhotos(orphans, { store, commit, files, darkroom, inspect: check, log }))
    .catch(unfinished);
  void attachments
    .sweep(
      id => store.files.has(id),
      () => false,
      stores.isLost,
    )
    .then(({ orphans: { length: orphans } }) => {
      if (orphans > 0) log.error({ orphans }, 'there are files that the database does not know; nothing was removed');
    })
    .catch(unfinished);

  const operatorToken = credentials.operatorToken();
  const running: Running = {
    port,
    lanUrls: urls(),
    operatorToken,
    operatorUrl: `${ownUrl(config.host, port)}/kiosk#token=${operatorToken}`,
  };
  const startedAt = new Date(clock.now()).toISOString();
  const announce = () => writeRuntime(dataDir, { pid: process.pid, startedAt, ...running, lanUrls: urls() });
  announce();
  undo.push(() => removeRuntime(dataDir));
  lanListeners.add(() => {
    try {
      announce();
    } catch (err) {
      // The disk is full, or a virus scanner holds the file: phones and desk are told all the same.
      log.warn({ err }, 'runtime.json still names the addresses of before');
    }
  });
  // Before it is removed: nobody writes it once more.
  undo.push(() => lanListeners.clear());
  commit(() => ok({ reply: null, log: [{ kind: 'server_started', who: 'server', data: { version, port } }] }));
  log.info({ version, port, lan: running.lanUrls }, 'ready');
  return {
    ok: true,
    running,
    onLan: listener => void lanListeners.add(listener),
    onSettings: listener => void settings.subscribe(listener),
  };
}

type Found = { ok: true; port: number } | { ok: false; failure: StartFailure };

/** The wanted port, or the first free one of the next ten; of a host that is not ours no port is tried twice. */
async function listen(listeners: Listeners, { host, port: wanted }: Config): Promise<Found> {
  const tries = wanted === 0 ? 1 : portsTried;
  for (let port = wanted; port < wanted + tries && port <= 65_535; port++) {
    const got = await listeners.listen(port, host);
    if (got.ok) return got;
    if (got.reason === 'host') return { ok: false, failure: { reason: 'host', message: got.code } };
  }
  return { ok: false, failure: { reason: 'no_port', message: `${host}: ${wanted}-${wanted + portsTried - 1}` } };
}
