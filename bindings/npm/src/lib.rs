//! The library as WebAssembly. Settings come and reports go as JSON; `face.cjs` makes objects of them, and is what users
//! call.

use ecrewrite::bindings::{Face, Refused, Unit};
use wasm_bindgen::prelude::*;

/// A rewriter that speaks JSON, with places in code units of UTF-16.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Core(Face);

#[wasm_bindgen]
impl Core {
    /// By settings, knowing these files if there are any.
    ///
    /// # Errors
    ///
    /// What the settings have that cannot be.
    #[wasm_bindgen(constructor)]
    pub fn new(settings: &str, files: Option<String>) -> Result<Core, JsError> {
        let face = Face::new(settings, Unit::Utf16)?;
        Ok(Core(match files {
            Some(files) => face.with_files(&files)?,
            None => face,
        }))
    }

    /// What is found in a text.
    ///
    /// # Errors
    ///
    /// None in practice.
    pub fn check(&self, filename: &str, text: &str) -> Result<String, JsError> {
        given(self.0.check(filename, text))
    }

    /// What a text becomes.
    ///
    /// # Errors
    ///
    /// None in practice.
    pub fn rewrite(&self, filename: &str, text: &str) -> Result<String, JsError> {
        given(self.0.rewrite(filename, text))
    }

    /// What becomes of a reference.
    ///
    /// # Errors
    ///
    /// The text is not a reference.
    pub fn explain(&self, reference: &str) -> Result<String, JsError> {
        given(self.0.explain(reference))
    }
}

fn given(document: Result<String, Refused>) -> Result<String, JsError> {
    Ok(document?)
}
