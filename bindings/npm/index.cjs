"use strict";
const { Core } = require("./dist/node/ecrewrite_npm.js");

const { apply, check, explain, rewrite, rewriteAll } = require("./face.cjs")(Core);

module.exports = { apply, check, explain, rewrite, rewriteAll };
