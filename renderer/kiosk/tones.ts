/** Short tones, made on the spot: a rising pair for a photo, one soft note for a message, a falling pair for a refusal. */
export type Tone = 'photo' | 'message' | 'refusal';

/** Hertz, one after the other. */
const notes: Record<Tone, readonly number[]> = { photo: [659, 880], message: [587], refusal: [330, 247] };
/** Seconds. */
const length = 0.14;
const loudness = 0.09;

/** Answers with what plays a tone; before somebody has touched the page a browser plays nothing, and neither does this. */
export function tonePlayer(window: Window & { AudioContext?: typeof AudioContext }): (tone: Tone) => void {
  let context: AudioContext | null = null;
  let touched = false;
  const touch = () => {
    touched = true;
  };
  for (const name of ['pointerdown', 'keydown']) window.addEventListener(name, touch, { once: true, capture: true });
  return tone => {
    if (!window.AudioContext || !touched) return;
    context ??= new window.AudioContext();
    void context.resume();
    for (const [index, frequency] of notes[tone].entries()) {
      const from = context.currentTime + index * length;
      const sound = context.createOscillator();
      const volume = context.createGain();
      sound.frequency.value = frequency;
      // In and out without a click.
      volume.gain.setValueAtTime(0, from);
      volume.gain.linearRampToValueAtTime(loudness, from + 0.015);
      volume.gain.exponentialRampToValueAtTime(0.0001, from + length);
      sound.connect(volume).connect(context.destination);
      sound.start(from);
      sound.stop(from + length);
    }
  };
}
