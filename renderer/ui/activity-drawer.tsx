import { Button, SegmentedControl, TextInput, UnstyledButton } from '@mantine/core';
import { useDidUpdate } from '@mantine/hooks';
import {
  IconAlertTriangle,
  IconArrowBarToUp,
  IconChevronDown,
  IconChevronUp,
  IconCopy,
  IconFileExport,
  IconListSearch,
  IconPlayerPause,
  IconPlayerPlay,
  IconSearch,
} from '@tabler/icons-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { type Activity, type ActivityKind, activityKind } from '../../protocol/activity.ts';
import type { Log } from '../client/desk-log.ts';
import styles from './activity-drawer.module.css';
import { ActivityList } from './activity-list.tsx';
import { clockTime, localIso } from './format.ts';
import { StateMessage } from './state-message.tsx';
import { useTexts } from './texts/use-texts.tsx';

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
  log: Log;
  opened: boolean;
  /** One sentence in the page's language; the same function as long as the language and what may be shown are the same. */
  sentenceOf: (line: Activity, place?: 'screen' | 'file') => string;
  onToggle: () => void;
  onRetry: () => void;
  /** Reads the log on, back from what is here: lines of those kinds (none: of all) that are `wanted`. */
  onOlder: (kinds: readonly ActivityKind[], wanted: (line: Activity) => boolean) => void;
  /** Lets go of what was read back; always the same function. */
  onLatest: () => void;
  onCopy: (text: string) => void;
  /** Oldest first: when, of what kind, and what happened. `isPart`: the server has older ones that are not loaded. */
  onExport: (rows: readonly (readonly string[])[], isPart: boolean) => void;
}

/** What happened at this desk, live: one line when closed, a log to search and to read back when open. */
export function ActivityDrawer(props: Props) {
  const { log, opened, sentenceOf, onToggle, onRetry, onOlder, onLatest, onCopy, onExport } = props;
  const { lines, older } = log;
  const { t, i18n } = useTexts();
  const [filter, setFilter] = useState('');
  const [group, setGroup] = useState<Group>('all');
  /** The newest line that was there when somebody stopped it. */
  const [pausedAt, setPausedAt] = useState<number | null>(null);
  const last = lines.at(-1);

  const wanted = useMemo(() => {
    const words = filter.trim().toLocaleLowerCase();
    const kinds = groups[group].split(' ');
    return (line: Activity) =>
      kinds.some(kind => line.kind.startsWith(kind)) &&
      (!words || sentenceOf(line).toLocaleLowerCase().includes(words));
  }, [filter, group, sentenceOf]);
  const shown = useMemo(
    () => (pausedAt === null ? lines : lines.filter(line => Number(line.id) <= pausedAt)),
    [lines, pausedAt],
  );
  const matching = useMemo(() => {
    if (!opened) return [];
    return [...older.lines, ...(older.apart ? [] : shown)].filter(wanted).reverse();
  }, [opened, shown, older.lines, older.apart, wanted]);

  // What was read back was read for another filter.
  // biome-ignore lint/correctness/useExhaustiveDependencies: each of them is a reason to let it go
  useEffect(() => onLatest, [filter, group, opened, onLatest]);

  const bar = useRef<HTMLButtonElement>(null);
  // The focus was in what is gone now.
  useDidUpdate(() => {
    if (!opened && document.activeElement === document.body) bar.current?.focus();
  }, [opened]);

  const readOn = () => {
    const prefixes = groups[group].split(' ');
    const kinds = group === 'all' ? [] : activityKind.options.filter(kind => prefixes.some(p => kind.startsWith(p)));
    onOlder(kinds, wanted);
  };
  const rows = () =>
    matching.map(line => [localIso(new Date(line.at)), t(`kind.${line.kind}`), sentenceOf(line, 'file')]).reverse();

  const paused = pausedAt !== null;
  // Only what is here is saved, and the button says how much that is.
  const isPart = older.more || older.apart;
  const Arrow = opened ? IconChevronDown : IconChevronUp;

  return (
    <section
      data-personal
      className={styles.drawer}
      aria-label={t('activity.title')}
      data-opened={opened}
      onKeyDown={event => opened && event.key === 'Escape' && !event.nativeEvent.isComposing && onToggle()}
    >
      <div className={styles.bar}>
        <UnstyledButton
          ref={bar}
          className={styles.toggle}
          aria-expanded={opened}
          aria-label={t(opened ? 'activity.close' : 'activity.open')}
          id="activity"
          aria-keyshortcuts="L"
          data-testid="activity-toggle"
          onClick={onToggle}
        >
          <span className={styles.name}>{t('activity.title')}</span>
          <Arrow size={20} aria-hidden />
        </UnstyledButton>
        {!opened && last && (
          <span className={styles.last}>
            <time dateTime={last.at}>{clockTime(last.at, i18n.language)}</time> {sentenceOf(last)}
          </span>
        )}
      </div>
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
              className={styles.kinds}
              aria-label={t('activity.kinds')}
              value={group}
              onChange={setGroup}
              data={(Object.keys(groups) as Group[]).map(value => ({ value, label: t(`activity.${value}`) }))}
            />
            {older.apart && (
              <Button
                leftSection={<IconArrowBarToUp size={18} aria-hidden />}
                data-testid="activity-latest"
                onClick={onLatest}
              >
                {t('activity.latest')}
              </Button>
            )}
            <Button
              variant={paused ? 'filled' : 'default'}
              leftSection={
                paused ? <IconPlayerPlay size={18} aria-hidden /> : <IconPlayerPause size={18} aria-hidden />
              }
              data-testid="activity-pause"
              onClick={() => setPausedAt(paused ? null : Number(last?.id ?? 0))}
            >
              {paused ? t('activity.resume', { count: lines.length - shown.length }) : t('activity.pause')}
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
              title={isPart ? `${t('activity.exportHelp')}. ${t('activity.exportMore')}.` : t('activity.exportHelp')}
              onClick={() => onExport(rows(), isPart)}
            >
              {t('activity.export', { count: matching.length })}
            </Button>
          </div>
          <div className={styles.list}>
            {matching.length > 0 && (
              <ActivityList
                lines={matching}
                sentenceOf={sentenceOf}
                label={t('activity.title')}
                older={older}
                onOlder={readOn}
              />
            )}
            {/* There before its words are: a region that comes along with them is not read. */}
            <div className={styles.nothing} aria-live="polite">
              {matching.length === 0 && (
                <Nothing log={log} filtered={shown.length > 0} onRetry={onRetry} onOlder={readOn} />
              )}
            </div>
          </div>
        </div>
      )}
    </section>
  );
}

interface NothingProps {
  log: Log;
  filtered: boolean;
  onRetry: () => void;
  onOlder: () => void;
}

function Nothing({ log: { load, older }, filtered, onRetry, onOlder }: NothingProps) {
  const { t } = useTexts();
  if (filtered && older.load.status === 'loading') return <StateMessage title={t('activity.searching')} />;
  if (filtered) {
    const action = older.more ? { label: t('activity.searchOlder'), onClick: onOlder } : undefined;
    const text = older.load.status === 'failed' ? t('activity.olderFailed') : undefined;
    return <StateMessage icon={IconListSearch} title={t('activity.noMatch')} text={text} action={action} />;
  }
  if (load.status === 'loading') return <StateMessage title={t('activity.loading')} />;
  if (load.status === 'ready') return <StateMessage icon={IconListSearch} title={t('activity.empty')} />;
  const again = { label: t('app.retry'), onClick: onRetry };
  return <StateMessage icon={IconAlertTriangle} tone="bad" title={t('activity.failed')} action={again} />;
}
