/** Sensors elsewhere: which of them is behind, blind or silent, and why; and whether anything of theirs comes in at all. */
import { useLive } from "../live.tsx";
import { words } from "../words.ts";

export function Sensors() {
  const { now } = useLive();
  const broker = now?.broker ?? null;
  if (broker === null) return null;
  const { trouble, pending, sensors } = broker;
  return (
    <section className="sheet">
      <header>
        <h2>Sensors of this site</h2>
        <span className="quiet">
          {words.plural(sensors.length, "sensor")}; {words.plural(pending, "batch", "batches")} at the broker to be stored
        </span>
      </header>
      {trouble !== "" && (
        <p className="notice warn">
          Nothing comes in just now: {trouble}. Sensors keep what they hear and send it when the way is there again.
        </p>
      )}
      {sensors.length === 0 && <p>No sensor has said a word yet.</p>}
      <ul className="inputs">
        {sensors.map((sensor) => (
          <li key={sensor.name}>
            <div className="input-head">
              <h3>{sensor.name}</h3>
              <span className={sensor.state === "hears" ? "chip note" : "chip"}>{STATE_WORDS[sensor.state]}</span>
              <span className="quiet">
                {words.plural(sensor.waiting, "batch waits", "batches wait")} there, {words.bytes(sensor.waitingBytes)}
                {sensor.inputs.map(
                  (input) => ` · ${input.name}: ${words.plural(input.frames, "frame")}, ${words.count(input.drops)} dropped`,
                )}
              </span>
            </div>
            <p>{sensor.words}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}

const STATE_WORDS = {
  hears: "hears",
  behind: "behind",
  loses: "loses",
  doubled: "name used twice",
  deaf: "deaf",
  silent: "silent",
} as const;
