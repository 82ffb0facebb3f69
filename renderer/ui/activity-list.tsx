import { Button } from '@mantine/core';
import {
  IconArrowBackUp,
  IconCircleCheck,
  IconClockHour4,
  IconDeviceMobileCheck,
  IconDeviceMobileOff,
  IconEye,
  IconFileExport,
  IconFolderSymlink,
  IconKey,
  IconLogout,
  IconMessage,
  IconPaperclip,
  IconPencil,
  IconPhoto,
  IconPhotoX,
  IconQrcode,
  IconRefresh,
  IconRepeat,
  IconServer,
  IconSettings,
  IconShieldCheck,
  IconShieldExclamation,
  IconSpeakerphone,
  IconTrash,
  IconUserMinus,
  IconUserPlus,
  IconUsersGroup,
  IconUserX,
  IconWifi,
} from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useLayoutEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Activity, ActivityKind } from '../../protocol/activity.ts';
import type { Log } from '../client/desk-log.ts';
import styles from './activity-list.module.css';
import { logTime } from './format.ts';

const rowHeight = 34;

const icons: Record<ActivityKind, typeof IconServer> = {
  server_started: IconServer,
  network_changed: IconWifi,
  session_created: IconQrcode,
  session_paired: IconDeviceMobileCheck,
  session_renewed: IconRefresh,
  session_assigned: IconPencil,
  session_ended: IconLogout,
  phone_connected: IconDeviceMobileCheck,
  phone_disconnected: IconDeviceMobileOff,
  photo_received: IconPhoto,
  photo_accepted: IconCircleCheck,
  photo_rejected: IconRepeat,
  photo_quarantined: IconShieldExclamation,
  photo_moved: IconFolderSymlink,
  photo_deleted: IconTrash,
  photo_restored: IconArrowBackUp,
  photo_viewed: IconEye,
  photo_refused: IconPhotoX,
  message_sent: IconMessage,
  group_created: IconUsersGroup,
  group_joined: IconUserPlus,
  group_left: IconUserMinus,
  file_received: IconPaperclip,
  file_retention: IconClockHour4,
  event_published: IconSpeakerphone,
  code_guessing: IconKey,
  retention: IconClockHour4,
  settings_changed: IconSettings,
  consent_given: IconShieldCheck,
  person_exported: IconFileExport,
  person_deleted: IconUserX,
};

interface Props {
  /** In the order in which they are shown. */
  lines: readonly Activity[];
  sentenceOf: (line: Activity) => string;
  label: string;
  older: Log['older'];
  onOlder: () => void;
}

/** Draws only the rows in sight, however many there are. Scrolling on, one reads back; the line that is read stays in its place. */
export function ActivityList({ lines, sentenceOf, label, older, onOlder }: Props) {
  const { t, i18n } = useTranslation();
  const scroller = useRef<HTMLDivElement>(null);
  /** The uppermost line in sight; `null` at the top, where the newest come in. */
  const read = useRef<{ id: string; offset: number } | null>(null);
  useLayoutEffect(() => {
    const { current } = scroller;
    if (!current || !read.current) return;
    const { id, offset } = read.current;
    const index = lines.findIndex(line => line.id === id);
    current.scrollTop = index < 0 ? 0 : index * rowHeight + offset;
  }, [lines]);
  const scrolled = ({ scrollTop, scrollHeight, clientHeight }: HTMLElement) => {
    const line = lines[Math.floor(scrollTop / rowHeight)];
    read.current = line && scrollTop >= rowHeight ? { id: line.id, offset: scrollTop % rowHeight } : null;
    const nearEnd = scrollHeight - scrollTop - clientHeight < clientHeight;
    if (nearEnd && older.more && older.load.status === 'ready') onOlder();
  };
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: index => lines[index]?.id ?? index,
    overscan: 12,
  });
  return (
    <div
      ref={scroller}
      className={styles.scroller}
      data-testid="activity-list"
      onScroll={event => scrolled(event.currentTarget)}
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard */}
      <ol className={styles.rows} style={{ blockSize: rows.getTotalSize() }} tabIndex={0} aria-label={label}>
        {rows.getVirtualItems().map(row => {
          const line = lines[row.index];
          if (!line) return null;
          const Picture = icons[line.kind];
          return (
            <li
              key={row.key}
              className={styles.row}
              data-kind={line.kind}
              aria-setsize={older.more ? -1 : lines.length}
              aria-posinset={row.index + 1}
              style={{ transform: `translateY(${row.start}px)` }}
            >
              <time dateTime={line.at}>{logTime(line.at, i18n.language)}</time>
              <Picture size={18} aria-hidden />
              <span className={styles.text}>{sentenceOf(line)}</span>
            </li>
          );
        })}
      </ol>
      <div className={styles.end} role="status">
        {older.load.status === 'failed' && t('activity.olderFailed')}
        {older.load.status === 'loading' && t('activity.searching')}
        {older.load.status === 'ready' && !older.more && t('activity.oldest')}
        {older.load.status !== 'loading' && older.more && (
          <Button variant="subtle" data-testid="activity-older" onClick={onOlder}>
            {t('activity.older')}
          </Button>
        )}
      </div>
    </div>
  );
}
