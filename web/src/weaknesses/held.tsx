/** One weakness as one device has it: the answer, what it rests on, whose versions, and what people said. */
import type { Weakness } from "../../../src/model/weakness.ts";
import { words } from "../words.ts";
import { ANSWER_SENTENCES, ANSWER_WORDS, wordInWords } from "./weakness-words.ts";

export function Held({ weakness: { answer, because, advisory, word } }: { readonly weakness: Weakness }) {
  return (
    <>
      {word !== null && <p className="weakness-word">{wordInWords(word)}</p>}
      <p>
        <b>{ANSWER_WORDS[answer]}.</b> <span className="quiet">{ANSWER_SENTENCES[answer]}</span>
      </p>
      <ul className="weakness-because">
        {because.map(({ at, text }, index) => (
          <li key={index}>
            {text} <span className="second">{words.time(at)}</span>
          </li>
        ))}
      </ul>
      {advisory !== null && (
        <dl className="weakness-versions">
          <div>
            <dt>{advisory.id} names</dt>
            <dd>
              <code>{advisory.theirVersion}</code>
            </dd>
          </div>
          <div>
            <dt>The device says</dt>
            <dd>{advisory.ourVersion === null ? "No version was heard" : <code>{advisory.ourVersion}</code>}</dd>
          </div>
        </dl>
      )}
    </>
  );
}
