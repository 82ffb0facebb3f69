/** @jsxImportSource preact */
import { Icon, type IconName } from '../icons.tsx';
import { shotName } from '../shot-name.ts';
import type { Shot } from '../shots.ts';
import type { Words } from '../words.ts';

interface Props {
  shots: readonly Shot[];
  /** `null`: a photo that was not asked for by name. */
  picked: string | null;
  words: Words;
  onPick: (shot: string | null) => void;
}

const icons: Record<Shot['state'], IconName> = {
  missing: 'camera',
  here: 'clock',
  sent: 'check',
  accepted: 'accepted',
};

/** The photos that the desk asked for by name; the picked one is what the camera takes next. */
export function ShotList({ shots, picked, words, onPick }: Props) {
  return (
    <fieldset class="shots" data-testid="shots">
      <legend>{words.shotsTitle}</legend>
      {shots.map(({ name, state }) => (
        <label key={name} class="shot" data-testid="shot" data-state={state}>
          <input type="radio" name="shot" checked={picked === name} onChange={() => onPick(name)} />
          <span class="shot-name">{shotName(name, words)}</span>
          <span class={`state ${state === 'accepted' ? 'good' : state === 'sent' ? 'sent' : 'busy'}`}>
            <Icon name={icons[state]} />
            {words.shot[state]}
          </span>
        </label>
      ))}
      <label class="shot" data-testid="shot">
        <input type="radio" name="shot" checked={picked === null} onChange={() => onPick(null)} />
        <span class="shot-name">{words.otherPhoto}</span>
      </label>
    </fieldset>
  );
}
