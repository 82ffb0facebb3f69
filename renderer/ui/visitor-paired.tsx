import { Progress } from '@mantine/core';
import {
  IconCamera,
  IconCameraRotate,
  IconCircleCheck,
  IconHourglass,
  IconPlugConnectedX,
  IconUpload,
} from '@tabler/icons-react';
import type { PhotoStatus } from '../../protocol/photo.ts';
import { useTexts } from './texts/use-texts.tsx';
import styles from './visitor-paired.module.css';

interface Props {
  emoji: string;
  /** `#rrggbb`. */
  color: string;
  connected: boolean;
  /** How many have arrived. */
  photos: number;
  last: PhotoStatus | null;
  /** From 0 to 1; `null` where the length is not known. */
  arriving: { part: number | null } | null;
}

const news = {
  away: { icon: IconPlugConnectedX, tone: 'warn' },
  ready: { icon: IconCamera, tone: 'info' },
  arriving: { icon: IconUpload, tone: 'info' },
  received: { icon: IconHourglass, tone: 'info' },
  accepted: { icon: IconCircleCheck, tone: 'good' },
  again: { icon: IconCameraRotate, tone: 'warn' },
} as const;

/** After the scan: the symbol to compare with the phone's, and how far it has come. Never a photo, never its reason. */
export function VisitorPaired({ emoji, color, connected, photos, last, arriving }: Props) {
  const { t } = useTexts();
  const kind = kindOf(last, connected, arriving !== null);
  const { icon: Picture, tone } = news[kind];
  return (
    <div className={styles.scene} data-testid="visitor-paired" data-news={kind}>
      <span className={styles.mark} style={{ backgroundColor: color }} role="img" aria-label={emoji}>
        <span>{emoji}</span>
      </span>
      <h2 className={styles.title}>{t('display.paired')}</h2>
      <p className={styles.lead}>{t('display.match')}</p>
      <div className={styles.news} data-tone={tone} role="status">
        <Picture size={44} stroke={1.7} aria-hidden />
        <span>{t(`display.${kind}`)}</span>
      </div>
      <div className={styles.progress}>
        {arriving && (
          <Progress
            value={(arriving.part ?? 1) * 100}
            animated={arriving.part === null}
            size={14}
            radius="xl"
            aria-label={t('display.arriving')}
          />
        )}
      </div>
      <p className={styles.count}>{photos > 0 ? t('photos.count', { count: photos }) : ' '}</p>
    </div>
  );
}

function kindOf(last: Props['last'], connected: boolean, isArriving: boolean): keyof typeof news {
  if (isArriving) return 'arriving';
  if (!connected && last === null) return 'away';
  switch (last) {
    case null:
      return 'ready';
    case 'received':
      return 'received';
    case 'accepted':
      return 'accepted';
    case 'rejected':
    case 'quarantined':
      return 'again';
    default:
      return last satisfies never;
  }
}
