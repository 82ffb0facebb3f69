import { Button, SegmentedControl, TextInput, UnstyledButton } from '@mantine/core';
import {
  IconAlertTriangle,
  IconChevronDown,
  IconChevronUp,
  IconCopy,
  IconFileExport,
  IconListSearch,
  IconPlayerPause,
  IconPlayerPlay,
  IconSearch,
} from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Activity } from '../../protocol/activity.ts';
import type { Load } from '../client/desk-state.ts';
import styles from './activity-drawer.module.css';
import { ActivityList } from './activity-list.tsx';
import { clockTime } from './format.ts';
import { StateMessage } from './state-message.tsx';

const groups = {
  all: '',
  groupSessions: 'session phone consent',
  groupPhotos: 'photo',
  groupChat: 'message group file',
  groupPeople: 'person',
  groupServer: 'server network code retention settings',
} as const;
type Group = keyof typeof groups;

interface Props {
  /** Oldest first. */
  lines: readonly Activity[];
  load: Load;
  opened: boolean;
  /** One sentence in the page's language; the same function as long as the language and what may be shown are the same. */
  sentenceOf: (line: Activity) => string;
  onToggle: () => void;
  onRetry: () => void;
  onCopy: (text: string) => void;
  /** Oldest first: when, of what kind, and what happened. */
  onExport: (rows: readonly (readonly string[])[]) => void;
}

/** What happened at this desk, live: one line when closed, a log to search when open. */
export function ActivityDrawer({ lines, load, opened, sentenceOf, onToggle, onRetry, onCopy, onExport }: Props) {
  const { t, i18n } = useTranslation();
  const [filter, setFilter] = useState('');
  const [group, setGroup] = useState<Group>('all');
  const [paused, setPaused] = useState<readonly Activity[] | null>(null);
  const last = lines.at(-1);
  const shown = paused ?? lines;

  const matching = useMemo(() => {
    if (!opened) return [];
    const words = filter.trim().toLocaleLowerCase();
    const kinds = groups[group].split(' ');
    return shown
      .filter(line => kinds.some(kind => line.kind.startsWith(kind)))
      .filter(line => !words || sentenceOf(line).toLocaleLowerCase().includes(words))
      .reverse();
  }, [opened, shown, filter, group, sentenceOf]);

  const rows = () => matching.map(line => [line.at, line.kind, sentenceOf(line)]).reverse();

  const held = paused ? lines.filter(line => Number(line.id) > Number(paused.at(-1)?.id ?? 0)).length : 0;
  const Arrow = opened ? IconChevronDown : IconChevronUp;

  return (
    <section data-personal className={styles.drawer} aria-label={t('activity.title')} data-opened={opened}>
      <UnstyledButton
        className={styles.bar}
        aria-expanded={opened}
        aria-label={t(opened ? 'activity.close' : 'activity.open')}
        id="activity"
        aria-keyshortcuts="L"
        data-testid="activity-toggle"
        onClick={onToggle}
      >
        <span className={styles.name}>{t('activity.title')}</span>
        {!opened && last && (
          <span className={styles.last}>
            <time dateTime={last.at}>{clockTime(last.at, i18n.language)}</time> {sentenceOf(last)}
          </span>
        )}
        <Arrow size={20} aria-hidden className={styles.arrow} />
      </UnstyledButton>
      {opened && (
        <div className={styles.body}>
          <div className={styles.tools}>
            <TextInput
              className={styles.filter}
              aria-label={t('activity.filter')}
              placeholder={t('activity.filter')}
              leftSection={<IconSearch size={18} aria-hidden />}
              value={filter}
              onChange={event => setFilter(event.currentTarget.value)}
            />
            <SegmentedControl<Group>
              aria-label={t('activity.kinds')}
              value={group}
              onChange={setGroup}
              data={(Object.keys(groups) as Group[]).map(value => ({ value, label: t(`activity.${value}`) }))}
            />
            <Button
              variant={paused ? 'filled' : 'default'}
              leftSection={
                paused ? <IconPlayerPlay size={18} aria-hidden /> : <IconPlayerPause size={18} aria-hidden />
              }
              data-testid="activity-pause"
              onClick={() => setPaused(paused ? null : lines)}
            >
              {paused ? t('activity.resume', { count: held }) : t('activity.pause')}
            </Button>
            <Button
              variant="default"
              leftSection={<IconCopy size={18} aria-hidden />}
              disabled={matching.length === 0}
              onClick={() =>
                onCopy(
                  rows()
                    .map(row => row.join('\t'))
                    .join('\n'),
                )
              }
            >
              {t('activity.copy')}
            </Button>
            <Button
              variant="default"
              leftSection={<IconFileExport size={18} aria-hidden />}
              disabled={matching.length === 0}
              data-testid="activity-export"
              onClick={() => onExport(rows())}
            >
              {t('activity.export')}
            </Button>
          </div>
          <div className={styles.list}>
            {matching.length > 0 ? (
              <ActivityList lines={matching} sentenceOf={sentenceOf} label={t('activity.title')} />
            ) : (
              <Nothing load={load} filtered={shown.length > 0} onRetry={onRetry} />
            )}
          </div>
        </div>
      )}
    </section>
  );
}

function Nothing({ load, filtered, onRetry }: { load: Load; filtered: boolean; onRetry: () => void }) {
  const { t } = useTranslation();
  if (filtered) return <StateMessage icon={IconListSearch} title={t('activity.noMatch')} />;
  if (load.status === 'loading') return <StateMessage title={t('activity.loading')} />;
  if (load.status === 'ready') return <StateMessage icon={IconListSearch} title={t('activity.empty')} />;
  const again = { label: t('app.retry'), onClick: onRetry };
  return <StateMessage icon={IconAlertTriangle} tone="bad" title={t('activity.failed')} action={again} />;
}
