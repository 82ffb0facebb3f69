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
import { memo } from 'react';
import type { Activity, ActivityKind } from '../../protocol/activity.ts';
import styles from './activity-list.module.css';
import { logTime } from './format.ts';
import { useTexts } from './texts/use-texts.tsx';

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
  photos_recovered: IconClockHour4,
  event_published: IconSpeakerphone,
  code_guessing: IconKey,
  retention: IconClockHour4,
  settings_changed: IconSettings,
  consent_given: IconShieldCheck,
  person_exported: IconFileExport,
  person_deleted: IconUserX,
};

interface Props {
  line: Activity;
  sentenceOf: (line: Activity) => string;
  /** From 1; of `count`, or of -1 where nobody knows how many. */
  position: number;
  count: number;
  /** Pixels from the top of the list. */
  top: number;
}

/** One row of the log. Scrolling draws the list anew at each frame, and this only where it has changed. */
export const ActivityLine = memo(function ActivityLine({ line, sentenceOf, position, count, top }: Props) {
  const { i18n } = useTexts();
  const Picture = icons[line.kind];
  return (
    <li
      className={styles.row}
      data-kind={line.kind}
      aria-setsize={count}
      aria-posinset={position}
      style={{ insetBlockStart: top }}
    >
      <time dateTime={line.at}>{logTime(line.at, i18n.language)}</time>
      <Picture size={18} aria-hidden />
      <span className={styles.text}>{sentenceOf(line)}</span>
    </li>
  );
});
