@echo off
rem Starts Planboard on Windows. The first start makes .venv and fills it from the hashed lock.
rem   run.bat             the window on the sample estate
rem   run.bat VERB ...    one verb of the command line
rem This file stays ASCII (cmd misreads other letters in batch files); Chinese sentences stand in bootstrap\windows.
setlocal EnableExtensions DisableDelayedExpansion
chcp 65001 >nul
set "PYTHONUTF8=1"
set "ROOT=%~dp0"
set "VENV=%ROOT%.venv"
set "PYTHON=%VENV%\Scripts\python.exe"
set "LOCK=%ROOT%bootstrap\requirements.lock"
set "STAMP=%VENV%\planboard-run.lock"
set "SAY=%ROOT%bootstrap\windows"

rem The stamp is a copy of the lock that was installed, written only after everything else had worked.
if exist "%PYTHON%" if exist "%STAMP%" fc /b "%LOCK%" "%STAMP%" >nul 2>nul && goto start

if exist "%STAMP%" del "%STAMP%"
if exist "%PYTHON%" "%PYTHON%" -c "import pip" >nul 2>nul && goto fill
type "%SAY%\making.txt"
set "NEW_ENOUGH=import sys; sys.exit(sys.version_info < (3, 11))"
set "BASE=py -3.11"
%BASE% -c "%NEW_ENOUGH%" >nul 2>nul && goto make
set "BASE=py -3"
%BASE% -c "%NEW_ENOUGH%" >nul 2>nul && goto make
set "BASE=python"
%BASE% -c "%NEW_ENOUGH%" >nul 2>nul && goto make
goto no_python
:make
%BASE% -m venv --clear "%VENV%" || goto no_python
:fill
type "%SAY%\installing.txt"
"%PYTHON%" -m pip install --require-hashes --no-deps --only-binary :all: --no-input --disable-pip-version-check -r "%LOCK%" || goto no_libraries
copy /y "%LOCK%" "%STAMP%" >nul || goto no_libraries

:start
"%PYTHON%" "%ROOT%app.py" %*
set "CODE=%ERRORLEVEL%"
if not "%CODE%"=="0" goto failed
exit /b 0

:no_python
type "%SAY%\no-python.txt"
set "CODE=75"
goto failed

:no_libraries
type "%SAY%\no-libraries.txt"
set "CODE=75"

:failed
rem Double-clicked, the console would close before its message could be read.
if "%~1"=="" pause
exit /b %CODE%
