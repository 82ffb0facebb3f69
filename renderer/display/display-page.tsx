import { useSyncExternalStore } from 'react';
import type { PageFacts } from '../../protocol/page-facts.ts';
import type { Qr } from '../../protocol/session.ts';
import type { DisplayState, DisplayStore } from '../client/display-store.ts';
import type { NetworkStore } from '../client/network-store.ts';
import { cutOffBy, typedAddress } from '../ui/network-host.ts';
import { useCountdown } from '../ui/use-countdown.ts';
import { VisitorPaired } from '../ui/visitor-paired.tsx';
import { VisitorQr } from '../ui/visitor-qr.tsx';
import { VisitorScreen, VisitorWords } from '../ui/visitor-screen.tsx';

interface Props {
  facts: PageFacts;
  store: DisplayStore;
  network: NetworkStore;
}

export function DisplayPage({ facts, store, network }: Props) {
  const state = useSyncExternalStore(store.subscribe, store.getSnapshot);
  const { status, load } = useSyncExternalStore(network.subscribe, network.getSnapshot);
  return (
    <VisitorScreen desk={facts.desk}>
      <Scene state={state} alone={cutOffBy(status) === 'network'} isKnown={status !== null || load === 'failed'} />
    </VisitorScreen>
  );
}

/** `alone`: this PC is on no network; `isKnown`: whether that has been found out, so that no QR for nobody flashes up before. */
function Scene({ state, alone, isKnown }: { state: DisplayState; alone: boolean; isKnown: boolean }) {
  const { connection, ready, session } = state;
  if (connection === 'offline') return <VisitorWords kind="offline" />;
  if (!ready) return <VisitorWords kind="loading" />;
  if (!session) return <VisitorWords kind="welcome" />;
  switch (session.status) {
    case 'pending':
      return <VisitorWords kind="loading" />;
    case 'qr_ready':
      if (!isKnown) return <VisitorWords kind="loading" />;
      return session.qr && !alone ? (
        <Waiting qr={session.qr} state={state} />
      ) : (
        // The QR comes by itself as soon as a phone can follow it.
        <VisitorWords kind="noNetwork" />
      );
    case 'authenticated':
      return (
        <VisitorPaired
          emoji={session.emoji}
          color={session.color}
          connected={session.phone.connected}
          photos={state.photos}
          last={state.last}
          arriving={state.arriving}
        />
      );
    case 'disconnected':
      // One that ended before anybody had scanned it has nobody to thank.
      return <VisitorWords kind={session.phone.device === null ? 'welcome' : 'thanks'} />;
    default:
      return session.status satisfies never;
  }
}

function Waiting({ qr, state }: { qr: Qr; state: DisplayState }) {
  const { left, total } = useCountdown(qr.expires_at, state.clockOffset);
  // Nobody renews it any more: a code that no longer works is not shown.
  if (state.connection !== 'connected' && left === 0) return <VisitorWords kind="offline" />;
  return <VisitorQr qr={qr} address={typedAddress(qr.url)} left={left} total={total} />;
}
