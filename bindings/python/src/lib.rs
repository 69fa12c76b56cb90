//! The library as a module of Python. Settings come and reports go as JSON; `ecrewrite/__init__.py` makes objects of
//! them, and is what users call.

use ecrewrite::bindings::{Face, Refused, Unit};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

/// A rewriter that speaks JSON, with places in code points.
#[pyclass(frozen, module = "ecrewrite._core")]
#[derive(Debug)]
pub struct Core(Face);

#[pymethods]
impl Core {
    #[new]
    #[pyo3(signature = (settings, files = None))]
    fn new(settings: &str, files: Option<&str>) -> PyResult<Self> {
        let face = Face::new(settings, Unit::CodePoint).map_err(refused)?;
        Ok(Core(match files {
            Some(files) => face.with_files(files).map_err(refused)?,
            None => face,
        }))
    }

    fn check(&self, py: Python<'_>, filename: &str, text: &str) -> PyResult<String> {
        py.detach(|| self.0.check(filename, text)).map_err(refused)
    }

    fn rewrite(&self, py: Python<'_>, filename: &str, text: &str) -> PyResult<String> {
        py.detach(|| self.0.rewrite(filename, text)).map_err(refused)
    }

    fn explain(&self, reference: &str) -> PyResult<String> {
        self.0.explain(reference).map_err(refused)
    }
}

fn refused(error: Refused) -> PyErr {
    PyValueError::new_err(error.0)
}

/// The part of the package that is written in Rust.
#[pymodule(gil_used = false)]
fn _core(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<Core>()
}
