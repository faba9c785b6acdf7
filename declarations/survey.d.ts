// What our scripts in static/js/ give each other. No browser gets this folder; `make check` reads it.

/** A text in each language, by its code. */
type Texts = Record<string, string | undefined>;
/** Values by the codes of questions. */
type Answers = Record<string, number>;
type Place = { office: { slug: string; name: string }; counter: { number: number; name: string } | null };
type PublicKey = { id: string; point: string };
type Hours = { opens: string; closes: string; days?: number[]; week?: Record<string, [string, string]>; said?: Texts };
/** A QR code: its modules a side, and the path of the dark ones. */
type Picture = { size: number; path: string };
type Choice = { value: number; text: Texts };
type Procedure = { code: string; name: string; field: string };

type Item = {
  code: string;
  scale: string;
  factor: string;
  text: Texts;
  hint: Texts | null;
  question: Texts | null;
  options: Choice[];
  /** A definition that was kept from before knows neither of them. */
  about_result?: boolean;
  if_refused?: Texts | null;
  /** What may be said below a low answer; definitions of before know none. */
  reasons?: Reason[];
};
type Reason = { code: string; text: Texts };
type QuestionPage = { factors: string[]; title: Texts | null; items: Item[] };

/** The questionnaire as surveys/definition.py sends it. at: the server's time in ms. */
type Definition = Place & {
  form: string;
  languages: string[];
  introduction: Texts;
  notice: Texts;
  minutes?: number;
  /** Before which question of the first page the stage is asked; otherwise it is asked last. */
  stage_at?: number | null;
  /** Addresses by language and code. */
  recordings?: Record<string, Record<string, string>>;
  pages: QuestionPage[];
  procedures: Procedure[];
  stages: Choice[];
  respondents: Choice[];
  hours: Hours;
  picture?: Picture;
  key: PublicKey;
  texts: Record<string, Record<string, string>>;
  revision: string;
  at: number;
  tickets?: Ticket[];
};
/** For one form without network: its id, and when it was fetched, signed by the server. */
type Ticket = { id: string; start: string };

/** A form that is being filled in without network. Times in ms; go: what was pressed last. */
type Draft = {
  id: string;
  form: string;
  step: number;
  page: number;
  answers: Answers;
  procedure: string;
  stage: number;
  respondent: number;
  /** Whether a link said the stage ("link"), or the first page asked for it ("page"). */
  stageBy?: string;
  remark: string;
  counter: number | null;
  invitation: string;
  start?: string;
  started: number | null;
  language: string;
  helped?: boolean;
  wantsReply?: boolean;
  go?: string;
  touched?: number;
};
/** One that was kept, so that it is known since when. */
type KeptDraft = Draft & { touched: number };

/** What every record of a response says. */
type Fixed = {
  office: string;
  form: string;
  channel: "phone" | "tablet";
  counter: number | null;
  tablet?: string;
  session?: string;
  invitation?: string;
  start?: string;
};
/** What a step says besides the answers. */
type About = { stage?: number; respondent?: number; procedure?: string; remark?: string; helped?: boolean };

type Envelope = { v: number; key: string; epk: string; iv: string; data: string };
/** A row of the outbox: see static/js/outbox.js. */
type Waiting = {
  id: string;
  n: number;
  step: number;
  ready: boolean;
  touched: number;
  sealed: Envelope;
  schema: number;
};
type Verdict = { outcome: "stored" | "repeated" | "older" | "refused"; reason?: string; masked?: string[] };
type Counts = { waiting: number; refused: number };

/** What the tablet remembers of itself. revoked: the server's sentence; clock: its time less ours, in ms. */
type Memory = {
  token: string;
  place: Place;
  definition: Definition;
  revoked: string | true;
  clock: number;
  heard: number;
  credential: string;
  signer: CryptoKey;
  spent: string[];
};

/** Texts beside elements; null, undefined and false leave their place empty. */
type Child = Node | string | null | undefined | false;
type Children = (Child | Child[])[];
/** Attributes by name; a function listens to the event of that name. */
// any: each listener takes its own kind of event
type Attributes = Record<string, string | number | boolean | null | undefined | ((event: any) => unknown)>;

/** A page of the survey with network (templates/surveys/page.html). */
interface Sheet extends HTMLFormElement {
  readonly elements: HTMLFormControlsCollection &
    Record<"id" | "page" | "form" | "step", HTMLInputElement> & {
      [name: string]: HTMLInputElement | RadioNodeList | undefined;
    };
}
/** What static/js/citizen.js keeps of it in localStorage. */
type SheetDraft = { id: string; page: number; form: string; at: number; sent: boolean; fields: [string, string][] };
/** The end of a form on a tablet. remark: whether one was written. */
type Thanked = { id: string; code: string; remark: boolean; masked?: string[] };
/** Learns what became of records that were sent. */
type Told = (sent: Pick<Waiting, "id">[], results: Verdict[]) => void | Promise<void>;
/** What officials are told of a tablet. */
type Facts = Counts & { heard: number | undefined; online: boolean; place: string };
/** An office and, unless it is the usual one, the questionnaire that an address names. */
type Asked = { slug: string; questionnaire: string };
/** A page on its way: by a button, or (page) to show what stands in the form. */
type Moving = { button?: HTMLButtonElement | null; page?: number; screen?: At };
/** Which question of a page comes first: its number, the last ("back"), the first without an answer ("resume"). */
type At = number | "back" | "resume" | undefined;
/** static/js/screens.js as static/js/citizen.js needs it. */
type Screens = {
  begin: (page: Sheet | null, at: At, does: { send: (back: boolean) => void; push: () => void }) => void;
  show: (at: number) => void;
  find: (hash: string) => void;
  shown: () => number;
  focus: () => boolean;
  steps: (button: HTMLButtonElement | null) => boolean;
};
/** A form that a phone sealed, as the history of its page says it. remark: whether one was written. */
type Done = { id: string; code: string; remark: boolean; unkept: boolean; at: number };
/** Whether to go on delivering. */
type May = () => boolean | Promise<boolean>;
