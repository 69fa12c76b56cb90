//! What a new file takes over from the old one: owner, mode, extended attributes.

use std::fs::File;

use super::WriteError;

/// Gives a new file what belongs to the old one. What cannot be kept is an error: the file then stays.
pub(super) fn keep(old: &File, new: &File) -> Result<(), WriteError> {
    keep_owner(old, new)?;
    new.set_permissions(old.metadata()?.permissions())?;
    // After the mode: an access list says more than it does.
    keep_extended(old, new)
}

/// How many names a file has.
#[cfg(unix)]
pub(super) fn names(file: &File) -> Result<u64, WriteError> {
    use std::os::unix::fs::MetadataExt;

    Ok(file.metadata()?.nlink())
}

#[cfg(not(unix))]
pub(super) fn names(_: &File) -> Result<u64, WriteError> {
    Ok(1)
}

#[cfg(unix)]
fn keep_owner(old: &File, new: &File) -> Result<(), WriteError> {
    use std::os::unix::fs::{MetadataExt, fchown};

    let (old, own) = (old.metadata()?, new.metadata()?);
    let owner = (old.uid() != own.uid()).then_some(old.uid());
    let group = (old.gid() != own.gid()).then_some(old.gid());
    if owner.is_none() && group.is_none() {
        return Ok(());
    }
    fchown(new, owner, group).map_err(|_| WriteError::Owner)
}

#[cfg(not(unix))]
fn keep_owner(_: &File, _: &File) -> Result<(), WriteError> {
    Ok(())
}

#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn keep_extended(old: &File, new: &File) -> Result<(), WriteError> {
    use rustix::fs::{XattrFlags, fgetxattr, flistxattr, fsetxattr};
    use rustix::io::Errno;

    /// What the system makes anew for each file, from its content among others.
    const MADE_ANEW: [&[u8]; 3] = [b"security.ima", b"security.evm", b"com.apple.provenance"];

    let of = |file: &File, name: &[u8]| whole(|buffer| fgetxattr(file, name, buffer));
    let names = match whole(|buffer| flistxattr(old, buffer)) {
        Err(Errno::NOTSUP) => return Ok(()),
        names => names.map_err(std::io::Error::from)?,
    };
    let names = names.split(|byte| *byte == 0).filter(|name| !name.is_empty() && !MADE_ANEW.contains(name));
    for name in names {
        let lost = |error: Errno| WriteError::Attribute(String::from_utf8_lossy(name).into_owned(), error.into());
        let value = of(old, name).map_err(lost)?;
        // Some are there already, and not everybody may set them.
        if !of(new, name).is_ok_and(|own| own == value) {
            fsetxattr(new, name, &value, XattrFlags::empty()).map_err(lost)?;
        }
    }
    Ok(())
}

/// What a call puts into a buffer, however much that is.
#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn whole(call: impl Fn(&mut [u8]) -> rustix::io::Result<usize>) -> rustix::io::Result<Vec<u8>> {
    let mut buffer = vec![0; 1024];
    loop {
        match call(&mut buffer) {
            Ok(length) => {
                buffer.truncate(length);
                return Ok(buffer);
            }
            Err(rustix::io::Errno::RANGE) => buffer.resize(buffer.len() * 4, 0),
            Err(error) => return Err(error),
        }
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn keep_extended(_: &File, _: &File) -> Result<(), WriteError> {
    Ok(())
}
