import face from "./index.cjs";

export const { apply, check, explain, rewrite, rewriteAll } = face;
