import QRCode from 'qrcode';
import { useMemo } from 'react';

/** Modules of white on every side: without it many phones do not see the code. */
const margin = 4;
/** Fewer pixels than this, and a phone at arm's length cannot read it. */
const smallestModule = 8;

interface Props {
  text: string;
  label: string;
  /** Pixels of the place it has; the code takes whole pixels a module and no more than fit. */
  room: number;
}

/** A QR of level M as crisp squares: black on white in every theme, because readers expect that. */
export function QrCode({ text, label, room }: Props) {
  const { path, count } = useMemo(() => draw(text), [text]);
  const side = Math.max(smallestModule, Math.floor(room / count)) * count;
  return (
    <svg
      data-testid="qr"
      data-module={side / count}
      role="img"
      aria-label={label}
      width={side}
      height={side}
      viewBox={`0 0 ${count} ${count}`}
      shapeRendering="crispEdges"
    >
      <rect width={count} height={count} fill="#ffffff" />
      <path d={path} fill="#000000" />
    </svg>
  );
}

function draw(text: string): { path: string; count: number } {
  const { modules } = QRCode.create(text, { errorCorrectionLevel: 'M' });
  const runs: string[] = [];
  for (let y = 0; y < modules.size; y += 1) {
    for (let x = 0; x < modules.size; x += 1) {
      if (!modules.get(y, x)) continue;
      const start = x;
      while (x + 1 < modules.size && modules.get(y, x + 1)) x += 1;
      runs.push(`M${start + margin} ${y + margin}h${x - start + 1}v1h${start - x - 1}z`);
    }
  }
  return { path: runs.join(''), count: modules.size + 2 * margin };
}
