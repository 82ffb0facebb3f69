import { useLayoutEffect, useState } from 'react';
import type { Qr } from '../../protocol/session.ts';
import type { Connection } from '../client/connection.ts';
import { typedAddress } from '../ui/network-host.ts';
import { QrDialog } from '../ui/qr-dialog.tsx';
import { QrPanel } from '../ui/qr-panel.tsx';
import { useCountdown } from '../ui/use-countdown.ts';

interface Props {
  qr: Qr;
  person: string | null;
  shots: readonly string[];
  clockOffset: number;
  connection: Connection;
  onHide: () => void;
  onEnd: () => void;
  onWifi: (() => void) | null;
  onTrouble: () => void;
  /** It is taken away together with what the keyboard was on, here or in the large one. */
  onGone: () => void;
}

export function WaitingQr(props: Props) {
  const { qr, person, shots, clockOffset, connection, onHide, onEnd, onWifi, onTrouble, onGone } = props;
  const [large, setLarge] = useState(false);
  const { left, total } = useCountdown(qr.expires_at, clockOffset);
  // A code outlives a short break; only one that nobody can renew any more is taken away.
  const offline = connection === 'offline' || (connection !== 'connected' && left === 0);
  const address = typedAddress(qr.url);
  // Before the page lets go of it: of whoever was nowhere nothing is taken.
  useLayoutEffect(
    () => () => {
      if (document.activeElement !== document.body) onGone();
    },
    [onGone],
  );
  return (
    <>
      <QrPanel
        qr={qr}
        person={person}
        shots={shots}
        left={left}
        total={total}
        address={address}
        offline={offline}
        onEnlarge={() => setLarge(true)}
        onHide={onHide}
        onEnd={onEnd}
        onWifi={onWifi}
        onTrouble={onTrouble}
      />
      <QrDialog qr={large && !offline ? qr : null} person={person} address={address} onClose={() => setLarge(false)} />
    </>
  );
}
