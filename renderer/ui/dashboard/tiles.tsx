import {
  IconAlertTriangle,
  IconCircleCheck,
  IconDatabase,
  IconHourglass,
  IconPhoto,
  IconPlugConnected,
  IconQrcode,
} from '@tabler/icons-react';
import type { TFunction } from 'i18next';
import type { Overview } from '../../../protocol/dashboard.ts';
import { useTexts } from '../texts/use-texts.tsx';
import { diskSize } from './measures.ts';
import { Tile } from './tile.tsx';
import styles from './tiles.module.css';

/** The figures of today, and how much room is left. */
export function Tiles({ today, live, disk }: Pick<Overview, 'today' | 'live' | 'disk'>) {
  const { t, i18n } = useTexts();
  const lang = i18n.language;
  const whole = (value: number) => new Intl.NumberFormat(lang).format(value);
  const { refused, quarantined, broken_off } = today.failures;
  const failures = refused + quarantined + broken_off;
  const sizes = { photos: diskSize(disk.photos, lang), database: diskSize(disk.database, lang) };
  const took = today.median_scan_to_photo_s;
  return (
    <dl className={styles.tiles} aria-label={t('dashboard.today')}>
      <Tile
        testId="tile-sessions"
        icon={IconQrcode}
        name={t('dashboard.sessions')}
        value={whole(today.sessions)}
        note={t('dashboard.sessionsLive', { paired: whole(live.paired), waiting: whole(live.waiting) })}
      />
      <Tile
        testId="tile-photos"
        icon={IconPhoto}
        name={t('dashboard.photos')}
        value={whole(today.photos)}
        note={t('dashboard.photosToday')}
      />
      <Tile
        testId="tile-median"
        icon={IconHourglass}
        name={t('dashboard.median')}
        value={took === null ? '—' : duration(took, t, lang)}
        note={t(took === null ? 'dashboard.medianNone' : 'dashboard.medianNote')}
      />
      <Tile
        testId="tile-failures"
        icon={failures > 0 ? IconAlertTriangle : IconCircleCheck}
        tone={failures > 0 ? 'warn' : 'plain'}
        name={t('dashboard.failures')}
        value={whole(failures)}
        note={
          failures > 0
            ? t('dashboard.failuresOf', {
                refused: whole(refused),
                quarantined: whole(quarantined),
                broken: whole(broken_off),
              })
            : t('dashboard.failuresNone')
        }
      />
      <Tile
        testId="tile-reconnects"
        icon={IconPlugConnected}
        name={t('dashboard.reconnects')}
        value={whole(today.reconnects)}
        note={t('dashboard.reconnectsNote')}
      />
      <Tile
        testId="tile-disk"
        icon={IconDatabase}
        name={t('dashboard.disk')}
        value={diskSize(disk.photos + disk.database, lang)}
        note={
          disk.free === null
            ? t('dashboard.diskUnknown', sizes)
            : t('dashboard.diskOf', { ...sizes, free: diskSize(disk.free, lang) })
        }
      />
    </dl>
  );
}

/** `12,4 s`, `3 min 20 s`. */
function duration(seconds: number, t: TFunction, lang: string): string {
  if (seconds < 60) {
    const value = new Intl.NumberFormat(lang, { maximumFractionDigits: 1 }).format(seconds);
    return t('dashboard.seconds', { value });
  }
  const all = Math.round(seconds);
  return t('dashboard.minutes', { minutes: Math.floor(all / 60), seconds: all % 60 });
}
