import { Button, TextInput } from '@mantine/core';
import { IconListSearch, IconPlayerPause, IconPlayerPlay, IconSearch } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, useState } from 'react';
import type { SeenEvent } from '../../../protocol/dashboard.ts';
import { clockTime } from '../format.ts';
import { StateMessage } from '../state-message.tsx';
import { useTexts } from '../texts/use-texts.tsx';
import styles from './event-log.module.css';
import { Panel } from './panel.tsx';

const rowHeight = 34;

interface Props {
  /** Newest first. */
  events: readonly SeenEvent[];
  perMinute: number;
}

/** The events that go by, newest first; held still while it is paused. Draws only the rows in sight. */
export function EventLog({ events, perMinute }: Props) {
  const { t, i18n } = useTexts();
  const [filter, setFilter] = useState('');
  const [paused, setPaused] = useState<readonly SeenEvent[] | null>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const shown = paused ?? events;
  const matching = useMemo(() => {
    const words = filter.trim().toLocaleLowerCase();
    return words ? shown.filter(event => textOf(event).toLocaleLowerCase().includes(words)) : shown;
  }, [shown, filter]);
  const held = paused
    ? Math.max(
        0,
        events.findIndex(({ id }) => id === paused[0]?.id),
      )
    : 0;
  const rows = useVirtualizer({
    count: matching.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: index => matching[index]?.id ?? index,
    overscan: 10,
  });
  const label = t('dashboard.eventLog');
  return (
    <Panel
      title={label}
      testId="event-log"
      note={t('dashboard.perMinute', { count: perMinute })}
      tools={
        <>
          <TextInput
            className={styles.filter}
            aria-label={t('dashboard.filter')}
            placeholder={t('dashboard.filter')}
            leftSection={<IconSearch size={18} aria-hidden />}
            value={filter}
            data-testid="event-filter"
            onChange={event => setFilter(event.currentTarget.value)}
          />
          <Button
            variant={paused ? 'filled' : 'default'}
            leftSection={paused ? <IconPlayerPlay size={18} aria-hidden /> : <IconPlayerPause size={18} aria-hidden />}
            data-testid="event-pause"
            onClick={() => setPaused(paused ? null : events)}
          >
            {paused ? t('dashboard.resume', { count: held }) : t('dashboard.pause')}
          </Button>
        </>
      }
    >
      {matching.length === 0 ? (
        <StateMessage
          icon={IconListSearch}
          title={t(shown.length === 0 ? 'dashboard.eventsEmpty' : 'dashboard.eventsNoMatch')}
        />
      ) : (
        <div ref={scroller} className={styles.scroller} data-testid="events">
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard */}
          <ol className={styles.rows} style={{ blockSize: rows.getTotalSize() }} tabIndex={0} aria-label={label}>
            {rows.getVirtualItems().map(row => {
              const event = matching[row.index];
              if (!event) return null;
              return (
                <li
                  key={row.key}
                  className={styles.row}
                  aria-setsize={matching.length}
                  aria-posinset={row.index + 1}
                  style={{ insetBlockStart: row.start }}
                >
                  <time dateTime={event.at}>{clockTime(event.at, i18n.language)}</time>
                  <span className={styles.type}>{event.type}</span>
                  <span className={styles.about}>
                    {event.from !== undefined && <>{t('dashboard.fromUser', { user: event.from })} </>}
                    {event.rooms.join(', ')} {event.data === undefined ? '' : JSON.stringify(event.data)}
                  </span>
                </li>
              );
            })}
          </ol>
        </div>
      )}
    </Panel>
  );
}

function textOf({ type, from = '', rooms, data }: SeenEvent): string {
  return [type, from, ...rooms, data === undefined ? '' : JSON.stringify(data)].join(' ');
}
