/** @jsxImportSource preact */
import { render } from 'preact';
import { visitEvents } from '../../protocol/visit-events.ts';
import { visitRequests } from '../../protocol/visit-requests.ts';
import { createHttpClient } from '../client/http-client.ts';
import { uuid } from '../client/random.ts';
import { clientsFor } from '../client/websocket-client.ts';
import { App } from './app.ts';
import { isSheetOpen } from './back-steps.ts';
import { outboxesIn } from './chat-outboxes.ts';
import { factsOf } from './facts.ts';
import { browserTexts, Kept } from './kept.ts';
import { visitIn } from './moving.ts';
import { Page } from './Page.tsx';
import { openShelf } from './photo-shelf.ts';
import { langFor } from './words.ts';
import { openWorkshop } from './workshop.ts';

const root = document.getElementById('app');
if (root) {
  // What the page itself says of browsers that are too old: the first of its children.
  const notice = root.firstElementChild;
  const giveUp = () => {
    root.textContent = '';
    notice?.classList.add('now');
    if (notice) root.append(notice);
  };
  // What it needs and a browser that reads its syntax may lack: Safari before 14, and Chrome before 81, where photos come to lie on their side.
  if ('text' in Blob.prototype && 'imageOrientation' in root.style) open(root).catch(giveUp);
  else giveUp();
}

async function open(root: HTMLElement): Promise<void> {
  const facts = factsOf(document);
  const kept = new Kept(browserTexts());
  const maxBytes = facts.max_photo_mb * 1024 * 1024;
  const shelf = openShelf();
  const app = new App({
    kept,
    shelf,
    outboxes: outboxesIn(shelf.durable),
    httpOf: token => createHttpClient(token === undefined ? {} : { token }),
    clientOf: clientsFor(visitRequests, visitEvents),
    workshop: openWorkshop(maxBytes),
    maxBytes,
    path: () => location.pathname,
    showPath: path => history.replaceState(history.state, '', path),
    moved: () => visitIn(location.hash),
    origin: location.origin,
    leaveFor: url => location.assign(url),
    onComputer: () => navigator.maxTouchPoints === 0 && matchMedia('(pointer: fine) and (min-width: 900px)').matches,
    isOffline: () => !navigator.onLine,
    chatWasOpen: () => isSheetOpen(history.state),
    now: () => Date.now(),
    newId: uuid,
    consentVersion: facts.consent.version,
    lang: kept.lang() ?? langFor(navigator.languages),
  });
  // A phone drops the socket while its camera is open or its screen locked.
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState !== 'visible') return;
    app.camera(null);
    app.wake();
  });
  for (const event of ['online', 'offline', 'pageshow']) addEventListener(event, () => app.wake());
  addEventListener('storage', () => app.followNewest());
  root.textContent = '';
  render(<Page app={app} facts={facts} />, root);
  await app.start();
}
