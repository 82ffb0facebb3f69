import type { TFunction } from 'i18next';
import type { Activity } from '../../protocol/activity.ts';

/**
 * A log line in the page's language. While a QR waits, `mayName` says whose name may stand on the screen; without a sentence
 * of its own a line keeps the server's Spanish one, unless that could name someone hidden.
 */
export function sentenceWriter(t: TFunction, mayName: ((idPersona: string | null) => boolean) | null) {
  const written = new WeakMap<Activity, string>();
  // A file or the clipboard is not before the visitor's eyes: there everybody is named.
  return (line: Activity, place: 'screen' | 'file' = 'screen'): string => {
    if (place === 'file') return write(line, () => true);
    const known = written.get(line);
    if (known !== undefined) return known;
    const sentence = write(line, mayName ?? (() => true));
    written.set(line, sentence);
    return sentence;
  };

  function write({ kind, who, data, text }: Activity, mayRead: (idPersona: string) => boolean): string {
    const idPersona = typeof data.idPersona === 'string' ? data.idPersona : null;
    const hidden = idPersona !== null && !mayRead(idPersona);
    const person = hidden ? t('activity.someone') : (idPersona ?? t('line.nobody'));
    const by = who === 'operator' ? t('line.desk') : who;
    const word = (key: string) => (hidden ? '' : String(data[key] ?? ''));
    const age = `${data.days} ${t('settings.days', { count: Number(data.days) })}`;
    switch (kind) {
      case 'network_changed':
        return data.url ? t('line.network_changed', { url: word('url') }) : t('line.network_changed_plain');
      case 'photo_rejected':
        return word('reason')
          ? t('line.photo_rejected_reason', { person, reason: word('reason') })
          : t('line.photo_rejected', { person });
      case 'session_paired':
        return word('device')
          ? t('line.session_paired_device', { person, device: word('device') })
          : t('line.session_paired', { person });
      case 'session_ended':
        return t(data.reason === 'idle' ? 'line.session_ended_idle' : 'line.session_ended', { person });
      case 'photo_refused':
        // The reason is the server's sentence, in Spanish: it says more than none.
        return word('reason')
          ? t('line.photo_refused_reason', { person, reason: word('reason') })
          : t('line.photo_refused', { person });
      case 'message_sent':
      case 'file_received': {
        if (data.from_phone === true) return t(`line.${kind}_phone`, { person });
        return idPersona === null ? t(`line.${kind}`, { who: by }) : t(`line.${kind}_to`, { who: by, person });
      }
      case 'group_created':
      case 'group_joined':
      case 'group_left':
        return t(`line.${kind}`, { who: by, title: word('title') });
      case 'file_retention':
        return t('line.file_retention', { count: Number(data.files), age });
      case 'code_guessing':
        return word('address')
          ? t('line.code_guessing_address', { address: word('address') })
          : t('line.code_guessing');
      case 'photos_recovered':
        return t('line.photos_recovered', { count: Number(data.photos) });
      case 'retention':
        return typeof data.photos === 'number' && typeof data.days === 'number'
          ? t('line.retention_count', { count: data.photos, age })
          : t('line.retention');
      case 'photo_viewed':
        return t('line.photo_viewed', { person, who: by });
      case 'person_deleted':
        return t('line.person_deleted', { ref: word('ref') });
      default:
        return t(`line.${kind}`, { person, defaultValue: hidden ? t('activity.hidden') : text });
    }
  }
}
