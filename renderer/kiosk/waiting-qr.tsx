import { useState } from 'react';
import type { Qr } from '../../protocol/session.ts';
import { QrDialog } from '../ui/qr-dialog.tsx';
import { QrPanel } from '../ui/qr-panel.tsx';
import { typedAddress } from './network-host.ts';
import { useCountdown } from './use-countdown.ts';

interface Props {
  qr: Qr;
  person: string;
  clockOffset: number;
  offline: boolean;
  onHide: () => void;
  onEnd: () => void;
}

export function WaitingQr({ qr, person, clockOffset, offline, onHide, onEnd }: Props) {
  const [large, setLarge] = useState(false);
  const { left, total } = useCountdown(qr.expires_at, clockOffset);
  const address = typedAddress(qr.url);
  return (
    <>
      <QrPanel
        qr={qr}
        person={person}
        left={left}
        total={total}
        address={address}
        offline={offline}
        onEnlarge={() => setLarge(true)}
        onHide={onHide}
        onEnd={onEnd}
      />
      <QrDialog qr={large && !offline ? qr : null} person={person} address={address} onClose={() => setLarge(false)} />
    </>
  );
}
